"""Real calls with the generated Python client: what mypy accepts here is what the document promises."""

import json
import sys
import time
from pathlib import Path

from ngayhoi_client import AuthenticatedClient
from ngayhoi_client.api.auth import create_session, get_me
from ngayhoi_client.api.campaigns import list_campaigns
from ngayhoi_client.api.sites import create_site, delete_site, list_sites, update_site
from ngayhoi_client.models import (
    LoginIn,
    MeOut,
    PageCampaignOut,
    PageSiteOut,
    Problem,
    SiteIn,
    SiteKind,
    SiteOut,
    SitePatch,
    SiteState,
    TokensOut,
)
from ngayhoi_client.types import Unset


def main(base_url: str, accounts_file: str) -> None:
    accounts = json.loads(Path(accounts_file).read_text(encoding="utf-8"))
    account = next(one for one in accounts if one["role"] == "district")
    # The generator takes "security: [{}]" (nobody need sign in) for a scheme, hence a client with a token that counts for nothing.
    stranger = AuthenticatedClient(base_url=base_url, token="none")
    tokens = create_session.sync(
        client=stranger, body=LoginIn(username=account["username"], password=account["password"])
    )
    assert isinstance(tokens, TokensOut), tokens
    client = AuthenticatedClient(base_url=base_url, token=tokens.access_token)

    me = get_me.sync(client=client)
    assert isinstance(me, MeOut), me
    campaigns = list_campaigns.sync(client=client, limit=1)
    assert isinstance(campaigns, PageCampaignOut), campaigns
    campaign = campaigns.items[0]

    name = f"Bản Khe Sạ {time.time_ns()}"
    body = SiteIn(campaign_id=campaign.id, org_unit_id=me.org_unit_id, name=name, kind=SiteKind.RESIDENTIAL_AREA)
    created = create_site.sync_detailed(client=client, body=body)
    site = created.parsed
    assert created.status_code == 201 and isinstance(site, SiteOut), created
    assert site.name == name and site.state == SiteState.DRAFT

    etag = created.headers["ETag"]
    patch = SitePatch(address="Nhà văn hóa bản")
    changed = update_site.sync(site.id, client=client, body=patch, if_match=etag)
    assert isinstance(changed, SiteOut) and changed.version == site.version + 1, changed

    listed = list_sites.sync(client=client, q="khe sa", state=SiteState.DRAFT, limit=10)
    assert isinstance(listed, PageSiteOut) and any(one.id == site.id for one in listed.items), listed

    body.name = ""
    refused = create_site.sync(client=client, body=body, accept_language="en")
    assert isinstance(refused, Problem) and refused.status == 422, refused
    assert not isinstance(refused.errors, Unset) and [field.pointer for field in refused.errors] == ["/name"], refused

    stale = delete_site.sync_detailed(site.id, client=client, if_match=etag)
    assert stale.status_code == 412, stale
    print(f"clients: Python: created and read {site.id}; a bad one was refused: {refused.code}")


if __name__ == "__main__":
    main(*sys.argv[1:])
