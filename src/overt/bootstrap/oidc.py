"""The force's own provider of identities, where the settings name one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from overt.adapters.oidc import OidcProvider
    from overt.settings import Settings


def provider_of(settings: Settings) -> OidcProvider | None:
    """Return the provider, or None where accounts have passwords only; nothing is asked yet.

    Args:
        settings: With issuer, client and secret.

    Raises:
        SettingInvalidError: The issuer's address is one that others can listen to.
    """
    if settings.oidc_issuer is None:
        return None
    from overt.adapters.oidc import OidcProvider

    secret = settings.oidc_client_secret
    return OidcProvider(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id or "",
        client_secret=secret.get_secret_value() if secret else None,
        account_claim=settings.oidc_account_claim,
    )
