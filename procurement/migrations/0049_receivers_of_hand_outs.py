from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("procurement", "0048_when_words_were_written")]
    operations = [
        migrations.AddField(
            model_name="handout",
            name="receiver",
            field=models.CharField(
                blank=True,
                choices=[
                    ("hospital", "Hospital"),
                    ("clinic", "Clinic or health centre"),
                    ("long_term_care", "Long-term care home"),
                    ("emergency_services", "Emergency services: paramedics, fire, police"),
                    ("home_care", "Home care"),
                    ("pharmacy", "Pharmacy or dental practice"),
                    ("health_authority", "Health authority"),
                    ("laboratory", "Medical laboratory"),
                    ("shelter", "Shelter"),
                    ("municipality", "Municipality, no medical work"),
                    ("school", "School or day care"),
                    ("association", "Association"),
                    ("public", "The public"),
                ],
                default="",
                help_text="The kind of place, by which conditions of duty reliefs are met. Empty: not stated.",
                max_length=30,
                verbose_name="who will use the goods",
            ),
            preserve_default=False,
        ),
    ]
