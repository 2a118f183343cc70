"""Running the `casework` command in the tests."""

from click.testing import CliRunner, Result

from casework.cli import main

WORDS = "brume oursin lavande échelle goudron"
# What `member invite` asks.
INVITED = (
    *("--login", "ines@port-miran.example", "--prenom", "Inès", "--nom", "Caradec"),
    *("--fonction", "Éducatrice", "--institution", "Prévention spécialisée"),
)


def run(*arguments: object, typed: str = "") -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=typed)
