from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('procurement', '0005_letters_of_thanks'),
    ]

    operations = [
        migrations.AddField(
            model_name='certificatekind',
            name='number_names',
            field=models.CharField(choices=[('paper', 'The paper'), ('maker', 'The maker, whose approval other brands may share'), ('company', 'A company or its works'), ('laboratory', 'The laboratory'), ('body', 'The notified body')], default='paper', help_text='Two companies can honestly show one number unless it names a single paper.', max_length=10, verbose_name='what the number names'),
        ),
        migrations.AddField(
            model_name='finding',
            name='unsure',
            field=models.CharField(blank=True, help_text='Why it only warns, where a firm source would let it block.', max_length=20),
        ),
    ]
