"""The database itself keeps the journal append-only, and notes each new entry as waiting for its seal."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION workflow_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'workflow_entry' THEN
        IF to_jsonb(OLD)->>'announced_at' IS NULL
           AND to_jsonb(NEW)->>'announced_at' IS NOT NULL
           AND to_jsonb(NEW) - 'announced_at' = to_jsonb(OLD) - 'announced_at' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER entry_is_append_only BEFORE UPDATE OR DELETE ON workflow_entry
    FOR EACH ROW EXECUTE FUNCTION workflow_append_only();
CREATE TRIGGER seal_is_append_only BEFORE UPDATE OR DELETE ON workflow_seal
    FOR EACH ROW EXECUTE FUNCTION workflow_append_only();

CREATE FUNCTION workflow_waits_for_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO workflow_unsealedentry (entry_id) SELECT id FROM added;
    RETURN NULL;
END $$;

CREATE TRIGGER entry_waits_for_seal AFTER INSERT ON workflow_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION workflow_waits_for_seal();
"""

BACKWARDS = """
DROP TRIGGER entry_waits_for_seal ON workflow_entry;
DROP FUNCTION workflow_waits_for_seal();
DROP TRIGGER seal_is_append_only ON workflow_seal;
DROP TRIGGER entry_is_append_only ON workflow_entry;
DROP FUNCTION workflow_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
