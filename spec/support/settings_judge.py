"""Has botocore settle what dxconnect settled: settings and credentials out of shared files and an environment.

Reads cases as lines of JSON: the files' texts, the environment, the profile, what dxconnect made of them, and what it
asked of the network on the way, with the answers. botocore is put into the same place; what it asks is held against the
record and gets the same answers. Prints each difference, then how many cases were judged.
"""

import json
import os
import re
import sys
import urllib.parse

import botocore.awsrequest
import botocore.credentials
import botocore.exceptions
import botocore.httpsession
import botocore.loaders
import botocore.session

HEADERS = ("authorization", "x-amz-security-token", "x-aws-ec2-metadata-token", "x-amz-sso_bearer_token",
           "x-aws-ec2-metadata-token-ttl-seconds")

exchanges = []
differences = []


class Body:
    def __init__(self, text):
        self.text = text

    def stream(self, **_):
        yield self.text.encode()


def text(value):
    return value.decode() if isinstance(value, bytes) else value


def essence(method, url, headers, body):
    """What of a request must be alike: not its date, signature, session name or the order of its fields."""
    shown = {}
    for name, value in headers.items():
        name, value = name.lower(), text(value)
        if name == "authorization":
            scope = re.search(r"Credential=([^/]+)/\d+/([^,]+)", value)
            value = scope.groups() if scope else value
        if name in HEADERS:
            shown[name] = value
    url = urllib.parse.urlsplit(url)
    if isinstance(body, dict):
        body = urllib.parse.urlencode(body)
    form = dict(urllib.parse.parse_qsl(text(body) or ""))
    if re.match("botocore|dxconnect", form.get("RoleSessionName", "")):
        del form["RoleSessionName"]
    return [method, url.scheme, url.netloc, url.path or "/", sorted(urllib.parse.parse_qsl(url.query)), shown, form]


def send(_, request):
    asked = essence(request.method, request.url, request.headers, request.body)
    if not exchanges:
        differences.append(f"asks more: {asked}")
        raise botocore.exceptions.ConnectTimeoutError(endpoint_url=request.url)
    one = exchanges.pop(0)
    expected = essence(one["method"], one["url"], one["headers"], one.get("body"))
    if asked != expected:
        differences.append(f"asks {asked}, not {expected}")
    return botocore.awsrequest.AWSResponse(request.url, one["status"], {}, Body(one["answer"]))


def write(path, content):
    with open(path, "w", newline="", encoding="utf-8") as file:
        file.write(content)


def settle(case, loader):
    """What botocore makes of a case, as dxconnect shows it."""
    session = botocore.session.Session(profile=case.get("profile"))
    session.register_component("data_loader", loader)
    session.get_scoped_config()
    client = session.create_client("directconnect", aws_access_key_id="AKID", aws_secret_access_key="s")
    operation = client.meta.service_model.operation_model("DescribeLags")
    url = client._resolve_endpoint_ruleset(operation, {}, {  # pylint: disable=protected-access
        "client_region": client.meta.region_name, "client_config": client.meta.config, "has_streaming_input": False,
    })[0]
    retries = client.meta.config.retries or {}
    found = {
        "region": client.meta.region_name,
        "url": url,
        "max_attempts": retries.get("total_max_attempts") if case["result"].get("max_attempts") else None,
        "retry_mode": retries.get("mode") if case["result"].get("retry_mode") else None,
    }
    resolver = botocore.credentials.create_credential_resolver(session, region_name=client.meta.region_name)
    try:
        credentials = resolver.load_credentials()
        found["keys"] = None
        if credentials is not None:
            keys = credentials.get_frozen_credentials()
            found["keys"] = [keys.access_key, keys.secret_key, keys.token or "", keys.account_id or ""]
    except (botocore.exceptions.BotoCoreError, ValueError):
        found["keys"] = "error"
    return found


def main(path, folder):
    loader = botocore.loaders.create_loader()
    botocore.httpsession.URLLib3Session.send = send
    outer = {name: value for name, value in os.environ.items() if not name.startswith("AWS")}
    judged = 0
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            case = json.loads(line)
            write(folder + "/config", case["config"])
            write(folder + "/credentials", case["credentials"])
            os.environ.clear()
            os.environ.update(outer)
            os.environ.update(case["env"] or {}, AWS_CONFIG_FILE=folder + "/config",
                              AWS_SHARED_CREDENTIALS_FILE=folder + "/credentials")
            exchanges[:] = case["exchanges"] or []
            differences.clear()
            found = settle(case, loader)
            expected = {name: case["result"].get(name) or None for name in found}
            for name, value in found.items():
                if (value or None) != expected[name]:
                    differences.append(f"{name}: {value}, not {expected[name]}")
            if exchanges:
                differences.append(f"asks less: {exchanges}")
            for difference in differences:
                print(f"{difference} in {line.strip()}")
            judged += 1
    print(f"judged {judged}")


main(*sys.argv[1:])
