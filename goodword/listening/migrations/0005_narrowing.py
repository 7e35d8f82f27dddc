import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("team", "0004_sight"), ("listening", "0004_sentences")]
    operations = [
        migrations.CreateModel(
            name="Narrowing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "teammate",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="narrowings",
                        to="team.teammate",
                    ),
                ),
                (
                    "invitation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="narrowings",
                        to="team.invitation",
                    ),
                ),
                (
                    "connection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="narrowings",
                        to="listening.connection",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("teammate", None), ("invitation", None), _connector="XOR"),
                        name="narrows_one_of_both",
                    ),
                    models.UniqueConstraint(
                        fields=["teammate", "connection"], name="teammate_narrowed_once"
                    ),
                    models.UniqueConstraint(
                        fields=["invitation", "connection"], name="invitation_narrowed_once"
                    ),
                ],
            },
        ),
    ]
