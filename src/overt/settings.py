"""Settings of this machine, read once: environment variables that start with OVERT_."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from overt.errors import SettingInvalidError


class Settings(BaseSettings):
    """Where things are kept, and how much of the machine to use.

    Attributes:
        home: Everything that lasts: pulled and imported model packs.
        cache: What can be made again at any time.
        threads: Threads inside one run of a network; 0 takes one a core.
        model_pack: Which pack to use when a command names none.
        store_url: Address of the store; None for SQLite under ``home``. Never shown.
        master_key: The master key in base64; None for the file. Never shown.
        master_key_command: A command that prints the master key; None for the file.
    """

    model_config = SettingsConfigDict(
        env_prefix="OVERT_",
        env_ignore_empty=True,  # an empty home would be the present folder
        frozen=True,
        protected_namespaces=(),  # older releases of pydantic keep model_ for themselves
    )

    home: Path = Field(default_factory=lambda: user_data_path("overt"))
    cache: Path = Field(default_factory=lambda: user_cache_path("overt"))
    threads: int = Field(default=0, ge=0, le=256)
    model_pack: str = "overt-default"
    store_url: SecretStr | None = None
    master_key: SecretStr | None = None
    master_key_command: SecretStr | None = None

    @property
    def models_home(self) -> Path:
        """Return the folder of pulled and imported model packs."""
        return self.home / "models"

    @property
    def master_key_file(self) -> Path:
        """Return the file of the master key, unless it comes from elsewhere."""
        return self.home / "master.key"


def read_settings() -> Settings:
    """Return the settings of this machine.

    Raises:
        SettingInvalidError: A variable has a value that cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = "OVERT_" + "_".join(str(step) for step in first["loc"]).upper()
        msg = f"{name}: {first['msg']}"
        raise SettingInvalidError(msg, setting=name) from error
