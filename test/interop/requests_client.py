"""A program with requests-oauthlib: prints where it sends the browser, reads where that came back, prints who it was."""

import json
import os
import sys

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # the test speaks http on the loopback
os.environ["OAUTHLIB_RELAX_TOKEN_SCOPE"] = "1"

from requests_oauthlib import OAuth2Session

issuer, client_id, client_secret, callback = sys.argv[1:5]
session = OAuth2Session(client_id, scope=["openid", "email", "offline_access"], redirect_uri=callback)
url, state = session.authorization_url(f"{issuer}/oauth/authorize")
print(url, flush=True)
session.fetch_token(f"{issuer}/oauth/token", authorization_response=sys.stdin.readline().strip(), client_secret=client_secret)
claims = session.get(f"{issuer}/oauth/userinfo").json()
refreshed = session.refresh_token(f"{issuer}/oauth/token", client_id=client_id, client_secret=client_secret)
print(json.dumps({"sub": claims["sub"], "email": claims["email"], "refreshed": "access_token" in refreshed}), flush=True)
