"""`manage.py play_scenario`: play the scenario of April 2020 on a practice site. Safe to run again."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from procurement.management.scenario import timeline
from workflow.clock import is_practice


class Command(BaseCommand):
    """Command that plays the scenario once. A second run changes nothing, so later work of people stays."""

    help = "Play the practice scenario of April 2020: four cities, seven offers, a purchase, a donation, two shipments."

    def handle(self, *args: Any, **options: Any) -> None:
        """Play the scenario. Refuses a real site, so that no invented data reaches it.

        Needs the reference data and the city register.
        """
        if not is_practice():
            raise CommandError("This is not a practice site.")
        if timeline.is_played():
            self.stdout.write("The scenario has already been run. Nothing was changed.")
            return
        timeline.play_scenario(self.stdout.write)
