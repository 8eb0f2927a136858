from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0003_purchase_details'),
    ]

    operations = [
        migrations.AddField(
            model_name='city',
            name='need_approval',
            field=models.CharField(choices=[('none', 'Without approval'), ('always', 'Always with approval'), ('above', 'With approval above an estimated value')], default='none', max_length=6, verbose_name='how needs are posted'),
        ),
        migrations.AddField(
            model_name='city',
            name='need_approval_limit',
            field=models.DecimalField(blank=True, decimal_places=2, help_text="In the city's currency; set only for needs that are posted with approval above a value.", max_digits=14, null=True, verbose_name='estimated value above which a need requires approval'),
        ),
        migrations.AddConstraint(
            model_name='city',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('need_approval', 'above'), ('need_approval_limit__isnull', False)), models.Q(models.Q(('need_approval', 'above'), _negated=True), ('need_approval_limit', None)), _connector='OR'), name='city_need_approval_has_its_limit'),
        ),
    ]
