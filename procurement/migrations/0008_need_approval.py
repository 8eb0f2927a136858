import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def return_waiting_needs(apps, schema_editor):
    """Make needs that wait for approval drafts again, on the way back: the earlier release has no such status."""
    apps.get_model("procurement", "SupplyRequest").objects.filter(status="awaiting_approval").update(status="draft")


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0004_need_approval'),
        ('procurement', '0007_line_alternatives'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='supplyrequest',
            name='proposal',
            field=models.JSONField(editable=False, help_text='Lines that a posted need is to have, and the reason.', null=True),
        ),
        migrations.AddField(
            model_name='supplyrequest',
            name='proposed_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='supplyrequest',
            name='reminders',
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='supplyrequest',
            name='sent_back_at',
            field=models.DateTimeField(editable=False, help_text='When an approver last sent it or its proposed change back.', null=True),
        ),
        migrations.AddField(
            model_name='supplyrequest',
            name='waiting_since',
            field=models.DateTimeField(editable=False, help_text='Since when an approver is to decide on the need or on the change proposed to it.', null=True),
        ),
        migrations.RemoveConstraint(
            model_name='supplyrequest',
            name='request_posted_has_a_date',
        ),
        migrations.AddConstraint(
            model_name='supplyrequest',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ('draft', 'awaiting_approval', 'withdrawn')), models.Q(('needed_by__isnull', False), ('posted_at__isnull', False)), _connector='OR'), name='request_posted_has_a_date'),
        ),
        migrations.AddConstraint(
            model_name='supplyrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('proposal__isnull', True), ('proposed_by', None)), models.Q(('proposal__isnull', False), ('proposed_by__isnull', False), ('status', 'open')), _connector='OR'), name='request_proposal_is_of_someone'),
        ),
        migrations.AddConstraint(
            model_name='supplyrequest',
            constraint=models.CheckConstraint(condition=models.Q(('waiting_since', None), ('sent_back_at', None), _connector='OR'), name='request_waits_or_was_sent_back'),
        ),
        migrations.AddIndex(
            model_name='supplyrequest',
            index=models.Index(condition=models.Q(('waiting_since__isnull', False)), fields=['city', 'id'], name='request_to_decide'),
        ),
        migrations.AddIndex(
            model_name='supplyrequest',
            index=models.Index(condition=models.Q(('sent_back_at__isnull', False)), fields=['author', 'id'], name='request_sent_back'),
        ),
        migrations.RunPython(migrations.RunPython.noop, return_waiting_needs),
    ]
