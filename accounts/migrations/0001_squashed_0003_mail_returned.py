"""All that the migrations it replaces make, at once: a new database needs no steps between."""

import datetime
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('accounts', '0001_first_shipment'),
        ('accounts', '0002_notices'),
        ('accounts', '0003_mail_returned'),
    ]

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('key', models.CharField(help_text='Keyed hash of the limit and whom it counts.', max_length=64, primary_key=True, serialize=False)),
                ('count', models.PositiveIntegerField()),
                ('ends_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail')),
                ('name', models.CharField(max_length=150, verbose_name='name')),
                ('language', models.CharField(choices=[('en', 'English'), ('fr-ca', 'Français (Canada)'), ('zh-hans', '简体中文')], default='en', max_length=10, verbose_name='language')),
                ('time_zone', models.CharField(default='UTC', max_length=40, verbose_name='time zone')),
                ('is_active', models.BooleanField(default=True, verbose_name='may sign in')),
                ('is_staff', models.BooleanField(default=False, verbose_name='may open the administration')),
                ('bounced_at', models.DateTimeField(blank=True, help_text='Since when mail to this address comes back.', null=True, verbose_name='mail returned')),
                ('stopped_at', models.DateTimeField(blank=True, help_text='Since when this person wants no mail from us.', null=True, verbose_name='asked us not to write')),
                ('created_at', models.DateTimeField(verbose_name='created')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'indexes': [models.Index(models.F('id'), condition=models.Q(('bounced_at__isnull', False)), name='user_mail_returned')],
                'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='user_email_in_lower_case')],
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('prefix', models.CharField(help_text='The public part, by which its owner knows it.', max_length=8, unique=True)),
                ('digest', models.CharField(help_text='SHA-256 of the whole token, which is shown once and kept nowhere.', max_length=64)),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60))),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('last_used_at', models.DateTimeField(blank=True, help_text='To the minute.', null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='api_tokens', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(models.F('user'), models.OrderBy(models.F('id'), descending=True), name='api_token_of_user')],
                'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='api_token_expires_after_it_is_made'), models.CheckConstraint(condition=models.Q(('scopes', []), _negated=True), name='api_token_has_a_scope')],
            },
        ),
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(help_text='SHA-256 of the token, which is kept nowhere.', max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('last_read_at', models.DateTimeField(blank=True, help_text='To the hour.', null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calendar_feeds', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='calendar_feed_expires_after_it_is_made'), models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('user',), name='calendar_feed_one_works')],
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('answer', 'Answer one question'), ('my-page', "A person's own page"), ('sign-in', 'Sign in (practice only)')], max_length=10)),
                ('thing_label', models.CharField(max_length=60)),
                ('thing_id', models.BigIntegerField()),
                ('city_id', models.BigIntegerField(blank=True, help_text='The city whose business the thing is.', null=True)),
                ('digest', models.CharField(help_text='SHA-256 of the token, which is kept nowhere.', max_length=64, unique=True)),
                ('message_id', models.UUIDField(blank=True, help_text='The message it was sent in; none for a copied link.', null=True)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(blank=True, help_text='None for sign-in links of a practice instance only.', null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('scanned_at', models.DateTimeField(blank=True, help_text='First Continue faster than a person reads.', null=True)),
                ('seen_at', models.DateTimeField(blank=True, help_text='First Continue by a person.', null=True)),
                ('asked_again_at', models.DateTimeField(blank=True, help_text='When its holder last asked for a new one.', null=True)),
                ('used_at', models.DateTimeField(blank=True, help_text='Last form a person completed through it.', null=True)),
                ('uses', models.PositiveIntegerField(default=0)),
                ('copied_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(models.F('thing_label'), models.F('thing_id'), name='link_of_thing'), models.Index(models.F('city_id'), models.OrderBy(models.F('id'), descending=True), name='link_of_city')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('expires_at', None), ('purpose', 'sign-in')), models.Q(models.Q(('purpose', 'sign-in'), _negated=True), ('expires_at__gt', models.F('made_at')), ('expires_at__isnull', False), ('expires_at__lte', django.db.models.expressions.CombinedExpression(models.F('made_at'), '+', models.Value(datetime.timedelta(days=30))))), _connector='OR'), name='link_expires_within_thirty_days'), models.CheckConstraint(condition=models.Q(models.Q(('used_at', None), ('uses', 0)), models.Q(('used_at__isnull', False), ('uses__gt', 0)), _connector='OR'), name='link_used_has_a_time')],
            },
        ),
        migrations.CreateModel(
            name='NoticeChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('way', models.CharField(choices=[('at_once', 'At once'), ('digest', 'Once a day'), ('off', 'No mail')], max_length=10, verbose_name='by mail')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notice_choices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'kind'), name='notice_choice_once_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='Code',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(help_text='Keyed hash: six digits alone are guessed in no time.', max_length=64)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes', to='accounts.link')),
            ],
            options={
                'indexes': [models.Index(models.F('link'), models.OrderBy(models.F('id'), descending=True), name='code_of_link')],
                'constraints': [models.CheckConstraint(condition=models.Q(('tries__lte', 5)), name='code_at_most_five_tries')],
            },
        ),
    ]
