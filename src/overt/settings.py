"""Settings of this machine, read once: environment variables that start with OVERT_."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
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
        time_zone: IANA name of the zone for times that belong to no site.
        oidc_issuer: Address of the force's own sign-in service, as it states it; None
            where accounts have passwords only.
        oidc_client_id: What that service calls this installation.
        oidc_client_secret: With which this installation shows itself to it. Never shown.
        oidc_account_claim: Claim of its ID token that tells accounts apart, for ever.
        metrics_token: With which another machine may read ``/metrics``; None: only this machine
            may. Never shown.
        upload_mib: MiB that a watchlist with its photographs may have when it comes through
            the console; all of it stands in memory.
        upload_file_mib: MiB that any single file may have.
        upload_files: Photographs in one upload.
        upload_megapixels: Pixels that an uploaded photograph may claim to have, in millions.
        cameras_here: Whether the console opens cameras whose address leads to this machine
            itself, as where it passes cameras on.
        public_requests: Requests from the public page that may wait for an answer; more are
            refused there, so that nobody fills the disk.
        register_notices: Folder of notices that the public register offers; None for none.
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
    time_zone: str = "Europe/London"
    oidc_issuer: str | None = None
    oidc_client_id: str | None = Field(default=None, validate_default=True)
    oidc_client_secret: SecretStr | None = None
    oidc_account_claim: str = "sub"
    metrics_token: SecretStr | None = None
    upload_mib: int = Field(default=256, ge=1, le=8192)
    upload_file_mib: int = Field(default=16, ge=1, le=1024)
    upload_files: int = Field(default=1000, ge=1, le=1000)  # more than that no form is read with
    upload_megapixels: int = Field(default=64, ge=1, le=178)
    cameras_here: bool = False
    public_requests: int = Field(default=2000, ge=1, le=100_000)
    register_notices: Path | None = None

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            msg = "expected a time zone of the IANA database, such as Europe/London"
            raise ValueError(msg) from error
        return name

    @field_validator("oidc_client_id")
    @classmethod
    def _comes_with_an_issuer(cls, client_id: str | None, info: ValidationInfo) -> str | None:
        if (client_id is None) != (info.data.get("oidc_issuer") is None):
            msg = "OVERT_OIDC_ISSUER and OVERT_OIDC_CLIENT_ID are set together, or neither is"
            raise ValueError(msg)
        return client_id

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
