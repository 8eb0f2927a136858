from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("procurement", "0032_who_will_use_the_goods")]

    operations = [
        migrations.AlterField(
            model_name="supplyrequest",
            name="visibility",
            field=models.CharField(
                choices=[
                    ("twins", "Sister and friendship cities"),
                    ("network", "Every city in the network"),
                    ("public", "Every city in the network; who holds a code of the goods sees the company too"),
                ],
                default="twins",
                max_length=10,
                verbose_name="who may see it",
            ),
        ),
    ]
