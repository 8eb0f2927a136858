import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import partners.places
import workflow.search
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [  # what a database of before has applied
        ('partners', '0001_initial'),
        ('partners', '0002_sources_disagree'),
    ]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='City',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80, unique=True, verbose_name='key')),
                ('name_en', models.CharField(max_length=120, verbose_name='English name')),
                ('name_fr', models.CharField(blank=True, max_length=120, verbose_name='French name')),
                ('name_zh', models.CharField(blank=True, max_length=120, verbose_name='Chinese name')),
                ('name_local', models.CharField(blank=True, max_length=120, verbose_name='local name')),
                ('country', models.CharField(max_length=2, validators=[partners.places.country_code], verbose_name='country or region')),
                ('subdivision', models.CharField(blank=True, help_text='ISO 3166-2', max_length=6, validators=[partners.places.subdivision_code], verbose_name='province or state')),
                ('level', models.CharField(choices=[('city', 'City'), ('county-level city', 'County-level city'), ('municipality', 'Municipality'), ('metropolis', 'Metropolis'), ('town', 'Town'), ('township', 'Township'), ('village', 'Village'), ('borough', 'Borough'), ('district', 'District'), ('special ward', 'Special ward'), ('county', 'County'), ('regional municipality', 'Regional municipality'), ('regional district', 'Regional district'), ('department', 'Department'), ('province', 'Province'), ('state', 'State'), ('prefecture', 'Prefecture'), ('region', 'Region'), ('oblast', 'Oblast'), ('voivodeship', 'Voivodeship'), ('former province', 'Former province'), ('former region', 'Former region'), ('unknown', 'Not known')], max_length=30, verbose_name='level')),
                ('latitude', models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True)),
                ('longitude', models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True)),
                ('coord_source', models.CharField(blank=True, max_length=80)),
                ('geonames_id', models.PositiveIntegerField(blank=True, null=True)),
                ('population', models.PositiveIntegerField(blank=True, null=True, verbose_name='population')),
                ('timezone', models.CharField(blank=True, max_length=40, validators=[partners.places.time_zone], verbose_name='time zone')),
                ('currency', models.CharField(blank=True, max_length=3, verbose_name='currency')),
                ('approval_limit', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='orders above this amount need a second person')),
                ('search', workflow.search.GramsField(base_field=models.CharField(max_length=2), default=list, editable=False, of=('name_en', 'name_fr', 'name_zh', 'name_local'))),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['search'], name='city_search'), models.Index(models.F('country'), models.F('name_en'), models.F('id'), name='city_by_name'), models.Index(models.F('name_en'), models.F('id'), name='city_in_order')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('latitude', None), ('longitude', None)), models.Q(('latitude__isnull', False), ('longitude__isnull', False), ('latitude__range', (-90, 90)), ('longitude__range', (-180, 180))), _connector='OR'), name='city_is_on_the_globe')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(max_length=20, verbose_name='status')),
                ('created_at', models.DateTimeField(verbose_name='created')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('role', models.CharField(choices=[('administrator', 'Administrator'), ('coordinator', 'Coordinator'), ('officer', 'Procurement officer'), ('approver', 'Approver'), ('verifier', 'Verifier'), ('logistics', 'Logistics'), ('broker', 'Customs broker'), ('observer', 'Observer')], max_length=15, verbose_name='role')),
                ('language', models.CharField(choices=[('en', 'English'), ('fr-ca', 'French'), ('zh-hans', 'Chinese')], default='en', max_length=10, verbose_name='language')),
                ('token_hash', models.CharField(blank=True, max_length=64)),
                ('expires_at', models.DateTimeField(help_text='By the real clock.', verbose_name='valid until')),
                ('accepted_at', models.DateTimeField(null=True, verbose_name='accepted')),
                ('city', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='partners.city')),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(models.F('token_hash'), condition=models.Q(('token_hash', ''), _negated=True), name='invitation_by_token')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'sent')), fields=('user', 'city', 'role'), name='invitation_once_open', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', False), ('status', 'accepted')), models.Q(models.Q(('status', 'accepted'), _negated=True), ('accepted_at', None)), _connector='OR'), name='invitation_accepted_has_a_time'), models.CheckConstraint(condition=models.Q(('city__isnull', False), ('role', 'coordinator'), _connector='OR'), name='invitation_only_a_coordinator_has_no_city')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(max_length=20, verbose_name='status')),
                ('created_at', models.DateTimeField(verbose_name='created')),
                ('role', models.CharField(choices=[('administrator', 'Administrator'), ('coordinator', 'Coordinator'), ('officer', 'Procurement officer'), ('approver', 'Approver'), ('verifier', 'Verifier'), ('logistics', 'Logistics'), ('broker', 'Customs broker'), ('observer', 'Observer')], max_length=15, verbose_name='role')),
                ('city', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='partners.city')),
                ('invitation', models.OneToOneField(blank=True, help_text='How the person came in.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='membership', to='partners.invitation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'active')), fields=('user', 'city', 'role'), name='membership_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('city__isnull', False), ('role', 'coordinator'), _connector='OR'), name='membership_only_a_coordinator_has_no_city')],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('municipality', 'Municipality'), ('foreign_affairs_office', 'Foreign Affairs Office'), ('health_authority', 'Health authority'), ('hospital', 'Hospital'), ('forwarder', 'Freight forwarder'), ('customs_broker', 'Customs broker'), ('laboratory', 'Laboratory'), ('association', 'Association')], max_length=30, verbose_name='kind')),
                ('name_en', models.CharField(max_length=200, verbose_name='English name')),
                ('name_fr', models.CharField(blank=True, max_length=200, verbose_name='French name')),
                ('name_local', models.CharField(blank=True, max_length=200, verbose_name='local name')),
                ('address', models.CharField(blank=True, max_length=300, verbose_name='address')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='phone')),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='organisations', to='partners.city')),
            ],
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(max_length=20, verbose_name='status')),
                ('created_at', models.DateTimeField(verbose_name='created')),
                ('title', models.CharField(blank=True, max_length=120, verbose_name='title')),
                ('name_order', models.CharField(choices=[('family_first', 'Family name first'), ('given_first', 'Given name first')], default='given_first', max_length=12)),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), default=list, verbose_name='languages')),
                ('families', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), default=list, verbose_name='product families they know')),
                ('checks', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), default=list, verbose_name='checks they can make')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='phone')),
                ('wechat', models.CharField(blank=True, max_length=60, verbose_name='WeChat')),
                ('working_from', models.TimeField(blank=True, null=True, verbose_name='working hours from')),
                ('working_until', models.TimeField(blank=True, null=True, verbose_name='until')),
                ('holiday_country', models.CharField(blank=True, max_length=6, verbose_name='holidays of')),
                ('away_until', models.DateField(blank=True, null=True, verbose_name='away until')),
                ('task_limit', models.PositiveSmallIntegerField(default=5, verbose_name='most open questions at once')),
                ('open_questions', models.PositiveSmallIntegerField(default=0)),
                ('answers', models.PositiveIntegerField(default=0)),
                ('answer_hours', models.PositiveIntegerField(help_text='Mean hours from question to answer, kept as answers come.', null=True)),
                ('consent_at', models.DateTimeField(blank=True, null=True, verbose_name='agreed')),
                ('last_answered_at', models.DateTimeField(blank=True, null=True)),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='partners.city')),
                ('deputies', models.ManyToManyField(blank=True, related_name='deputy_of', to='partners.contact')),
                ('introduced_by', models.ForeignKey(blank=True, help_text='The city that named them, if not their own.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.city')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='partners.organisation')),
            ],
            options={
                'indexes': [models.Index(models.F('city'), models.F('status'), name='contact_of_city')],
                'constraints': [models.UniqueConstraint(fields=('user', 'organisation'), name='contact_once_an_organisation'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'active'), _negated=True), ('consent_at__isnull', False), _connector='OR'), name='contact_active_agreed'), models.CheckConstraint(condition=models.Q(models.Q(('working_from', None), ('working_until', None)), models.Q(('working_from__isnull', False), ('working_until__isnull', False)), _connector='OR'), name='contact_working_hours_have_both_ends')],
            },
        ),
        migrations.CreateModel(
            name='Twinning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(max_length=20, verbose_name='status')),
                ('created_at', models.DateTimeField(verbose_name='created')),
                ('kind', models.CharField(choices=[('sister', 'Sister cities'), ('friendship', 'Friendship cities'), ('other', 'Other agreement')], max_length=12, verbose_name='kind')),
                ('signed_on', models.DateField(blank=True, null=True, verbose_name='signed')),
                ('signed_precision', models.CharField(blank=True, choices=[('day', 'on the day'), ('month', 'in the month'), ('year', 'in the year'), ('by_end_of_month', 'by the end of the month'), ('from_date', 'on or after the day')], max_length=16)),
                ('expires_on', models.DateField(blank=True, null=True, verbose_name='expires')),
                ('expires_precision', models.CharField(blank=True, choices=[('day', 'on the day'), ('month', 'in the month'), ('year', 'in the year'), ('by_end_of_month', 'by the end of the month'), ('from_date', 'on or after the day')], max_length=16)),
                ('ended_on', models.DateField(blank=True, help_text='Or suspended, while it is suspended.', null=True, verbose_name='ended')),
                ('ended_precision', models.CharField(blank=True, choices=[('day', 'on the day'), ('month', 'in the month'), ('year', 'in the year'), ('by_end_of_month', 'by the end of the month'), ('from_date', 'on or after the day')], max_length=16)),
                ('ended_why', models.CharField(blank=True, choices=[('expired', 'Expired'), ('terminated', 'Terminated')], max_length=12, verbose_name='why it ended')),
                ('certain', models.BooleanField(default=True, help_text='No means: no source says so.', verbose_name='known to be in force')),
                ('source_url', models.CharField(blank=True, max_length=600, validators=[django.core.validators.URLValidator(message='Write the whole address of the page, starting with https://', schemes=('http', 'https'))], verbose_name='source')),
                ('source_type', models.CharField(blank=True, max_length=12)),
                ('scope', models.CharField(blank=True, max_length=30)),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('conflict', models.TextField(blank=True, help_text='Which source says what; empty where they agree.', verbose_name='what sources disagree about')),
                ('recorded_on', models.DateField(help_text='The day of its source; where that is not known, the day it came into this register.', verbose_name='recorded')),
                ('city_a', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='twinnings_a', to='partners.city')),
                ('city_b', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='twinnings_b', to='partners.city')),
            ],
            options={
                'indexes': [models.Index(models.F('city_b'), models.F('status'), name='twinning_of_b'), models.Index(models.F('city_a'), models.F('status'), name='twinning_of_a')],
                'constraints': [models.UniqueConstraint(django.db.models.functions.comparison.Least('city_a', 'city_b'), django.db.models.functions.comparison.Greatest('city_a', 'city_b'), models.F('kind'), name='twinning_once_a_kind'), models.CheckConstraint(condition=models.Q(('city_a', models.F('city_b')), _negated=True), name='twinning_is_of_two_places'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'ended'), models.Q(('ended_why', ''), _negated=True)), models.Q(models.Q(('status', 'ended'), _negated=True), ('ended_why', '')), _connector='OR'), name='twinning_ended_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'recorded'), _negated=True), models.Q(('ended_on', None), ('ended_precision', '')), _connector='OR'), name='twinning_recorded_has_no_end')],
            },
        ),
        migrations.CreateModel(
            name='Exchange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='day')),
                ('precision', models.CharField(choices=[('day', 'on the day'), ('month', 'in the month'), ('year', 'in the year'), ('by_end_of_month', 'by the end of the month'), ('from_date', 'on or after the day')], max_length=16)),
                ('kind', models.CharField(choices=[('ppe_donation', 'Gift of protective equipment'), ('ppe_purchase', 'Purchase of protective equipment'), ('delegation_visit', 'Visit of a delegation'), ('letter', 'Letter'), ('fundraising', 'Money raised'), ('cultural_event', 'Cultural event'), ('joint_declaration', 'Joint declaration'), ('gift', 'Gift'), ('anniversary_event', 'Anniversary'), ('ppe_offer_not_delivered', 'Offer that was not delivered'), ('visit_cancelled', 'Cancelled visit'), ('event_cancelled', 'Cancelled event')], max_length=30, verbose_name='kind')),
                ('items', models.CharField(blank=True, max_length=300, verbose_name='items')),
                ('quantity', models.PositiveIntegerField(blank=True, null=True, verbose_name='quantity')),
                ('unit', models.CharField(blank=True, max_length=30, verbose_name='unit')),
                ('source_url', models.CharField(blank=True, max_length=600, validators=[django.core.validators.URLValidator(message='Write the whole address of the page, starting with https://', schemes=('http', 'https'))], verbose_name='source')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('shipment_reference', models.CharField(blank=True, db_index=True, max_length=20, verbose_name='shipment')),
                ('from_city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exchanges_given', to='partners.city')),
                ('to_city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exchanges_received', to='partners.city')),
            ],
            options={
                'indexes': [models.Index(models.F('from_city'), models.OrderBy(models.F('on'), descending=True), name='exchange_given'), models.Index(models.F('to_city'), models.OrderBy(models.F('on'), descending=True), name='exchange_received'), models.Index(models.F('on'), models.F('id'), name='exchange_in_order')],
                'constraints': [models.UniqueConstraint(fields=('from_city', 'to_city', 'on', 'precision', 'kind', 'items', 'shipment_reference'), name='exchange_once')],
            },
        ),
    ]
