"""A web application with authlib, as anybody would write one: signs one person in, prints who it was, and ends."""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, jwt

issuer, client_id, client_secret, port = sys.argv[1:5]
metadata = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=10).json()
verifier, nonce = generate_token(64), generate_token(20)
session = OAuth2Session(
    client_id,
    client_secret,
    scope="openid email offline_access",
    redirect_uri=f"http://127.0.0.1:{port}/callback",
    code_challenge_method="S256",
    token_endpoint_auth_method="client_secret_basic",
)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/":
            url, self.server.state = session.create_authorization_url(
                metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce
            )
            self.send_response(302)
            self.send_header("location", url)
            self.end_headers()
            return
        if not self.path.startswith("/callback"):
            self.send_error(404)
            return
        token = session.fetch_token(
            metadata["token_endpoint"],
            authorization_response=f"http://127.0.0.1:{port}{self.path}",
            state=self.server.state,
            code_verifier=verifier,
        )
        keys = JsonWebKey.import_key_set(requests.get(metadata["jwks_uri"], timeout=10).json())
        claims = jwt.decode(token["id_token"], keys)
        claims.validate()
        assert claims["iss"] == issuer and claims["aud"] == client_id and claims["nonce"] == nonce
        info = session.get(metadata["userinfo_endpoint"]).json()
        again = session.refresh_token(metadata["token_endpoint"], refresh_token=token["refresh_token"])
        print(json.dumps({"sub": claims["sub"], "email": info["email"], "refreshed": again["access_token"] != token["access_token"]}), flush=True)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"signed in with authlib")
        self.server.done = True

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", int(port)), Handler)
server.done = False
print(json.dumps({"ready": True}), flush=True)
while not server.done:
    server.handle_request()
