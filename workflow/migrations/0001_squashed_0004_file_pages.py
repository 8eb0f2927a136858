"""All that the migrations it replaces make, at once: a new database needs no steps between."""

import datetime
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
import workflow.models.evidence
import workflow.search
from django.conf import settings
from django.db import migrations, models


# The database itself keeps the journal append-only, and notes each new entry as waiting for its seal.
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
    INSERT INTO workflow_unsealed (entry_id) SELECT id FROM added;
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

    initial = True

    replaces = [
        ('workflow', '0001_first_shipment'),
        ('workflow', '0002_delivery'),
        ('workflow', '0003_notices'),
        ('workflow', '0004_file_pages'),
    ]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('thing_label', models.CharField(max_length=60)),
                ('thing_id', models.BigIntegerField()),
                ('city_id', models.BigIntegerField(null=True)),
                ('text', models.TextField()),
                ('language', models.CharField(max_length=10)),
                ('at', models.DateTimeField()),
                ('search', workflow.search.GramsField(base_field=models.CharField(max_length=2), default=list, editable=False, of=('text',))),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(models.F('thing_label'), models.F('thing_id'), models.F('id'), name='comment_of_thing'), models.Index(models.F('at'), models.F('id'), name='comment_in_order'), django.contrib.postgres.indexes.GinIndex(fields=['search'], name='comment_search')],
            },
        ),
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('prefix', models.CharField(max_length=4)),
                ('year', models.SmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('prefix', 'year'), name='counter_once_a_year')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('thing_label', models.CharField(max_length=60)),
                ('thing_id', models.BigIntegerField()),
                ('reference', models.CharField(blank=True, max_length=40)),
                ('city_id', models.BigIntegerField(help_text='The city whose business it was; none for the shared register.', null=True)),
                ('verb', models.CharField(max_length=30)),
                ('by_label', models.CharField(help_text="The actor's name as it was then.", max_length=200)),
                ('via', models.CharField(max_length=10)),
                ('at', models.DateTimeField(help_text="When it happened, by the story's clock.")),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), help_text="When it was written, by the database's clock.")),
                ('reason', models.TextField(blank=True)),
                ('before', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('after', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('facts', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('announced_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(models.F('thing_label'), models.F('thing_id'), models.OrderBy(models.F('id'), descending=True), name='entry_history'), models.Index(models.F('city_id'), models.OrderBy(models.F('id'), descending=True), name='entry_of_city'), models.Index(models.F('id'), condition=models.Q(('announced_at', None)), name='entry_not_announced'), models.Index(models.F('reference'), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('reference', ''), _negated=True), name='entry_quoted'), models.Index(fields=['verb', '-id'], name='entry_of_verb', opclasses=['varchar_pattern_ops', 'int8_ops'])],
            },
        ),
        migrations.CreateModel(
            name='File',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(max_length=20, verbose_name='status')),
                ('created_at', models.DateTimeField(verbose_name='created')),
                ('thing_label', models.CharField(max_length=60)),
                ('thing_id', models.BigIntegerField()),
                ('city_id', models.BigIntegerField(null=True)),
                ('kind', models.CharField(blank=True, help_text='What it is evidence of: licence, certificate, photo ...', max_length=30)),
                ('name', models.CharField(max_length=200)),
                ('content_type', models.CharField(max_length=60)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(help_text='Of the bytes as they came.', max_length=64)),
                ('pages', models.PositiveSmallIntegerField(default=1, editable=False, help_text='A picture is one page.')),
                ('key', models.CharField(default=workflow.models.evidence.random_key, help_text='What stands in its address.', max_length=32, unique=True)),
                ('stored', models.CharField(blank=True, help_text='Where its bytes lie under MEDIA_ROOT: a random name; none once refused.', max_length=100)),
                ('refusal', models.CharField(blank=True, choices=[('unreadable', 'It cannot be opened. Save it again, or take a photo of the paper.'), ('password', 'It is locked with a password. Save it without one.'), ('too_many_pages', 'It has more than 50 pages. Send the pages that matter.'), ('too_many_pixels', 'The picture has more than 40 megapixels. Send a smaller one.'), ('too_large_inside', 'It is too large inside to be opened safely.'), ('infected', 'The virus scanner refused it.'), ('macros', 'It holds macros. Save it as a plain XLSX or CSV.'), ('outside_links', 'It draws on other files. Save it with its values only.'), ('too_many_rows', 'It has more than 50,000 rows or 200 columns. Send it in parts.')], max_length=20)),
                ('search', workflow.search.GramsField(base_field=models.CharField(max_length=2), default=list, editable=False, of=('name',))),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(models.F('thing_label'), models.F('thing_id'), models.F('id'), name='file_of_thing'), models.Index(models.F('sha256'), name='file_by_hash'), models.Index(models.F('name'), models.F('id'), name='file_by_name'), models.Index(models.F('size'), models.F('id'), name='file_by_size'), django.contrib.postgres.indexes.GinIndex(fields=['search'], name='file_search')],
            },
        ),
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=100)),
                ('fingerprint', models.CharField(max_length=64)),
                ('answer_status', models.PositiveSmallIntegerField(null=True)),
                ('answer_headers', models.JSONField(default=dict)),
                ('answer_body', models.TextField(blank=True)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='idempotency_key_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='Instance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('practice', 'Practice'), ('real', 'Real')], max_length=10)),
                ('offset', models.DurationField(default=datetime.timedelta, help_text='Practice time minus real time; zero on a real instance.')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('ticked_at', models.DateTimeField(help_text="When the tick last ended, by the database's clock.", null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.Value(1), name='instance_is_one'), models.CheckConstraint(condition=models.Q(('kind', 'practice'), ('offset', datetime.timedelta(0)), _connector='OR'), name='instance_real_has_no_offset')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField())),
                ('entry_digests', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), help_text='Of each entry, so that one that changed can be named.')),
                ('previous', models.CharField(blank=True, max_length=64)),
                ('digest', models.CharField(max_length=64)),
                ('sealed_at', models.DateTimeField(help_text="By the database's clock.")),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('previous',), name='seal_follows_one'), models.UniqueConstraint(fields=('digest',), name='seal_digest_once')],
            },
        ),
        migrations.CreateModel(
            name='InAppNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('thing_label', models.CharField(max_length=60)),
                ('thing_id', models.BigIntegerField()),
                ('at', models.DateTimeField(help_text="When it was told, by the story's clock.")),
                ('read_at', models.DateTimeField(null=True)),
                ('digest_at', models.DateTimeField(help_text='When the daily mail that brings it is due; none if no such mail owes it.', null=True)),
                ('digest', models.ForeignKey(help_text='The daily mail it went with.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.entry')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.entry')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='in_app_notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(models.F('recipient'), models.OrderBy(models.F('id'), descending=True), name='in_app_notice_of'), models.Index(models.F('recipient'), condition=models.Q(('read_at', None)), name='in_app_notice_unread'), models.Index(models.F('digest_at'), models.F('recipient'), condition=models.Q(('digest_at__isnull', False)), name='in_app_notice_waiting')],
                'constraints': [models.UniqueConstraint(fields=('entry', 'recipient'), name='in_app_notice_once'), models.CheckConstraint(condition=models.Q(('digest_at', None), ('digest', None), _connector='OR'), name='in_app_notice_waits_or_went')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('channel', models.CharField(choices=[('email', 'E-mail')], default='email', max_length=10)),
                ('address', models.CharField(max_length=254)),
                ('language', models.CharField(max_length=10)),
                ('template', models.CharField(max_length=60)),
                ('subject', models.CharField(max_length=300)),
                ('body', models.TextField(help_text='As the reader gets it, with a placeholder where the link goes.')),
                ('link', models.JSONField(default=dict, help_text='Purpose and object of the link to make when it is sent; empty for none.')),
                ('thing_label', models.CharField(max_length=60)),
                ('thing_id', models.BigIntegerField()),
                ('city_id', models.BigIntegerField(null=True)),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('claimed', 'Being sent'), ('sent', 'Sent'), ('cancelled', 'Cancelled'), ('dead', 'Could not be sent'), ('uncertain', 'Perhaps sent'), ('expired', 'Too late to send')], default='planned', max_length=10)),
                ('next_try_at', models.DateTimeField(help_text="By the story's clock.")),
                ('expires_at', models.DateTimeField()),
                ('hurried', models.BooleanField(default=False, help_text='Sent without waiting for a polite hour, as somebody wished. Practice only.')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('doubts', models.PositiveSmallIntegerField(default=0, help_text='How often its content was handed over and nobody knows with what result; at most twice.')),
                ('claim', models.UUIDField(null=True)),
                ('leased_until', models.DateTimeField(help_text="By the database's clock.", null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('delivered_at', models.DateTimeField(help_text="When a mail provider said that the reader's own server took it.", null=True)),
                ('bounced_at', models.DateTimeField(help_text='When it was known that its address takes no mail.', null=True)),
                ('result', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='workflow.entry')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(models.F('next_try_at'), models.F('id'), condition=models.Q(('state', 'planned')), name='message_planned'), models.Index(models.F('leased_until'), models.F('id'), condition=models.Q(('state', 'claimed')), name='message_claimed'), models.Index(models.F('recipient'), models.F('next_try_at'), models.F('id'), condition=models.Q(('state', 'planned')), name='message_waiting_for'), models.Index(models.F('recipient'), models.F('sent_at'), condition=models.Q(('state', 'sent')), name='message_sent_to'), models.Index(models.F('thing_label'), models.F('thing_id'), name='message_of_thing')],
                'constraints': [models.UniqueConstraint(fields=('entry', 'recipient', 'channel'), name='message_once_per_effect'), models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at', None)), _connector='OR'), name='message_sent_has_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', False), ('leased_until__isnull', False), ('state', 'claimed')), models.Q(models.Q(('state', 'claimed'), _negated=True), ('claim', None), ('leased_until', None)), _connector='OR'), name='message_claimed_has_a_lease')],
            },
        ),
        migrations.CreateModel(
            name='Unsealed',
            fields=[
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='+', serialize=False, to='workflow.entry')),
            ],
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
