from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('procurement', '0016_memos_and_bundles'),
    ]

    operations = [
        migrations.AddField(
            model_name='supplierlead',
            name='judged_on',
            field=models.DateField(editable=False, help_text='The day as of which screening last looked at it.', null=True),
        ),
    ]
