"""`manage.py play_scenario`: play April 2020 on a practice instance, so that everything in it has happened. Safe to run again."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from procurement.management.scenario import script
from workflow.clock import is_practice


class Command(BaseCommand):
    """Plays once; a second start keeps what people have done since."""

    help = "Play the practice scenario of April 2020: four cities, seven leads, a purchase, a gift, two shipments."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuses a real instance: nothing made up ever reaches one. Needs the reference data and the register."""
        if not is_practice():
            raise CommandError("This is not a practice instance.")
        if script.played():
            self.stdout.write("The scenario has been played already. Nothing was changed.")
            return
        script.rehearse(self.stdout.write)
