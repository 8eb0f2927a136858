from django.db import migrations, models

# The looks there are were made at the number that the paper bore, as far as anybody knows at the one it bears.
SAME_NUMBER = """
    UPDATE procurement_issuercheck SET number_key = paper.number_key
    FROM procurement_certificate paper WHERE paper.id = certificate_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('procurement', '0017_companies_compared_anew'),
    ]

    operations = [
        migrations.AddField(
            model_name='supplierlead',
            name='judged_on',
            field=models.DateField(editable=False, help_text='The day as of which screening last looked at it.', null=True),
        ),
        migrations.AddField(
            model_name='issuercheck',
            name='number_key',
            field=models.CharField(default='', editable=False, help_text='The number it was asked about, as it is compared.', max_length=80),
        ),
        migrations.RunSQL(SAME_NUMBER, migrations.RunSQL.noop),
    ]
