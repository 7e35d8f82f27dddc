from django.db import migrations, models


def _sight(model):
    says = {
        "may_read_private": "private messages, for a viewer",
        "may_read_notes": "notes of the team, for a viewer",
        "is_narrowed": "to some connections; never an owner",
    }
    return [
        migrations.AddField(model, name, models.BooleanField(default=False, help_text=words))
        for name, words in says.items()
    ]


class Migration(migrations.Migration):
    dependencies = [("team", "0003_the_reader")]
    operations = [*_sight("teammate"), *_sight("invitation")]
