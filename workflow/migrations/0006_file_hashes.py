from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflow", "0005_settled_notices")]

    operations = [
        migrations.RemoveIndex(model_name="file", name="file_by_hash"),
        migrations.RenameField("file", "sha256", "uploaded_sha256"),
        migrations.AlterField(
            model_name="file",
            name="uploaded_sha256",
            field=models.CharField(help_text="SHA-256 of the bytes as they were uploaded.", max_length=64),
        ),
        migrations.AddField(
            model_name="file",
            name="kept_sha256",
            field=models.CharField(
                blank=True,
                help_text="SHA-256 of the cleaned copy, which is what a download gives; empty until it is clean.",
                max_length=64,
            ),
        ),
        migrations.AlterField(
            model_name="file",
            name="size",
            field=models.PositiveIntegerField(help_text="Bytes: of the cleaned copy, once there is one."),
        ),
        migrations.AddIndex(
            model_name="file", index=models.Index("uploaded_sha256", name="file_by_hash")
        ),
    ]
