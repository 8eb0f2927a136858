from django.db import migrations

# The table that django.core.cache.backends.db.DatabaseCache expects. `createcachetable` leaves one that exists alone.
MAKE = """
    CREATE TABLE accounts_cache (
        cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamp with time zone NOT NULL
    );
    CREATE INDEX accounts_cache_expires ON accounts_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_mail_returned")]

    operations = [migrations.RunSQL(MAKE, "DROP TABLE accounts_cache")]
