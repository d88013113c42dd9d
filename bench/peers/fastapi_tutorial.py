"""The tutorial's server as it stands in many repositories: FastAPI, an HS256 JWT, bcrypt through passlib, one process."""

import json
import socket
from datetime import datetime, timedelta, timezone

import jwt
import uvicorn
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from passlib.context import CryptContext

SECRET = "a secret written in the source, as the tutorial has it"
passwords = CryptContext(schemes=["bcrypt"])
users = {"bench@example.com": passwords.hash("copper lantern under the pier")}
app = FastAPI()
bearer = OAuth2PasswordBearer(tokenUrl="login")


@app.post("/login")
def login(form: OAuth2PasswordRequestForm = Depends()):
    stored = users.get(form.username)
    if stored is None or not passwords.verify(form.password, stored):
        raise HTTPException(400, "Incorrect username or password")
    expires = datetime.now(timezone.utc) + timedelta(minutes=30)
    return {"access_token": jwt.encode({"sub": form.username, "exp": expires}, SECRET, "HS256"), "token_type": "bearer"}


@app.get("/protected")
async def protected(token: str = Depends(bearer)):
    try:
        jwt.decode(token, SECRET, algorithms=["HS256"])
    except jwt.PyJWTError as error:
        raise HTTPException(401, "Invalid authentication credentials") from error
    return {"message": "Success"}


if __name__ == "__main__":
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    print(json.dumps({"url": f"http://127.0.0.1:{listener.getsockname()[1]}"}), flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])
