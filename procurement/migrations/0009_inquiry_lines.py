import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('procurement', '0008_need_approval'),
    ]

    operations = [
        migrations.AddField(
            model_name='inquiry',
            name='line_numbers',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, editable=False, help_text='Numbers of lines of the need, in order. Empty: the whole need, with lines added later.', size=None, verbose_name='lines asked about'),
        ),
    ]
