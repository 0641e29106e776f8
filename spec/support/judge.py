"""botocore's word on what dxconnect sent, read, refused and signed.

judge.py MODEL CASES: MODEL is the service's model in the official form, CASES a file of JSON lines {"what", ...}. In
them every string holds a byte a character, a table without content is an object, and numbers tell integers from floats.
Prints a line for each case that it judges otherwise, and at last how many it has judged.
"""
import datetime
import json
import sys

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.loaders
import botocore.model
import botocore.parsers
import botocore.serialize
import botocore.validate

with open(sys.argv[1]) as file:
    MODEL = botocore.model.ServiceModel(json.load(file), "directconnect")
SERIALIZER = botocore.serialize.create_serializer("json", include_validation=False)
PARSER = botocore.parsers.create_parser("json")
VALIDATOR = botocore.validate.ParamValidator()


def raw(text):
    return text.encode("latin-1")


def plain(text):
    return raw(text).decode("utf-8")


def fit(value, shape=None):
    """A value of a case as botocore takes it: texts decoded, empty tables as the lists that the shape says they are."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        item = shape.member if shape is not None and shape.type_name == "list" else None
        return [fit(each, item) for each in value]
    if isinstance(value, dict):
        if not value and shape is not None and shape.type_name == "list":
            return []
        members = shape.members if shape is not None and shape.type_name == "structure" else {}
        return {plain(name): fit(each, members.get(name)) for name, each in value.items()}
    return value


def parsed(value):
    """What botocore parsed, in the form of the cases: times as seconds, nothing for null."""
    if isinstance(value, datetime.datetime):
        return round(value.timestamp(), 6)
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass").decode("latin-1")
    if isinstance(value, list):
        return [parsed(each) for each in value] or {}
    if isinstance(value, dict):
        return {parsed(name): parsed(each) for name, each in value.items() if each is not None}
    return value


def without_new(value, known):
    """Ours without the members that botocore drops, not knowing them."""
    if isinstance(value, dict) and isinstance(known, dict):
        return {name: without_new(each, known.get(name)) for name, each in value.items() if name != "somethingNew"}
    if isinstance(value, list) and isinstance(known, list) and len(value) == len(known):
        return [without_new(*pair) for pair in zip(value, known)]
    return round(value, 6) if isinstance(value, float) else value


def same(a, b):
    """Equal, and integers where the other has integers."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[name], b[name]) for name in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, float) and a.is_integer() and isinstance(b, int):
        return a == b
    return type(a) is type(b) and a == b


def signature(method, url, headers, body, keys, service, region, seconds):
    now = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).replace(tzinfo=None)
    botocore.auth.get_current_datetime = lambda remove_tzinfo=True: now
    request = botocore.awsrequest.AWSRequest(method=method, url=url, headers=headers, data=body)
    credentials = botocore.credentials.Credentials(*[None if key is None else plain(key) for key in keys])
    botocore.auth.SigV4Auth(credentials, service, region).add_auth(request)
    return request.headers["Authorization"]


def sent(case):
    operation = MODEL.operation_model(case["operation"])
    shape = operation.input_shape
    params = fit(case["params"], shape)
    VALIDATOR.validate(params, shape) if shape is not None else None
    expected = SERIALIZER.serialize_to_request(params, operation)
    headers = {name: plain(value) for name, value in case["headers"].items()}
    body = raw(case["body"])
    if json.loads(body) != json.loads(expected["body"]):
        return "body %r" % body
    for name, value in expected["headers"].items():
        if headers[name.lower()] != value:
            return "header %s" % name
    authorization = headers.pop("authorization")
    for name in ("host", "x-amz-date", "x-amz-security-token"):
        headers.pop(name)
    if authorization != signature("POST", case["url"], headers, body, case["keys"], "directconnect", case["region"],
                                  case["seconds"]):
        return "signature"


def read(case):
    shape = MODEL.operation_model(case["operation"]).output_shape
    response = {"status_code": 200, "headers": {}, "body": raw(case["body"])}
    expected = PARSER.parse(response, shape) if shape is not None else {}
    expected.pop("ResponseMetadata", None)
    expected = parsed(expected)
    ours = without_new(case["result"], expected)
    return None if same(expected, ours) else "%r, not %r" % (expected, ours)


def failed(case):
    response = {"status_code": case["status"], "headers": case["headers"], "body": raw(case["body"])}
    error = PARSER.parse(response, None)["Error"]
    message = error["Message"] or "no explanation came with it"
    if error["Code"] != case["code"] or message != plain(case["message"]):
        return "%r" % error


def refused(case):
    shape = MODEL.operation_model(case["operation"]).input_shape
    report = VALIDATOR.validate(fit(case["params"], shape), shape)
    for kind, path, details in report._errors:
        path = path.lstrip(".").replace("[", "[#")
        path = ".".join(filter(None, [path, details.get("required_name") or details.get("unknown_param")]))
        for i in range(60, -1, -1):
            path = path.replace("[#%d]" % i, "[%d]" % (i + 1))
        if details.get("param") in ([], {}) or any(plain(p) == path or plain(p).startswith(path + "[")
                                                   for p in case["paths"]):
            continue
        return "%s at %s, not only %r" % (kind, path, case["paths"])


def signed(case):
    headers = {name: plain(value) for name, value in (case["headers"] or {}).items()}
    body = None if case["body"] is None else raw(case["body"])
    expected = signature(case["method"], plain(case["url"]), headers, body, case["keys"], case["service"], case["region"],
                         case["seconds"])
    return None if expected == case["authorization"] else expected


def known(_):
    """botocore's own model of the service, as far as it goes, against ours."""
    own = botocore.loaders.create_loader().load_service_model("directconnect", "service-2")
    for name, shape in own["shapes"].items():
        if name not in MODEL.shape_names:
            continue
        ours = MODEL.shape_for(name)
        if ours.type_name != shape["type"]:
            return name
        for member, entry in shape.get("members", {}).items():
            if member in ours.members and ours.members[member].name != entry["shape"]:
                return "%s.%s" % (name, member)
        if not set(shape.get("required", [])) & set(getattr(ours, "members", {})) <= set(
                getattr(ours, "required_members", [])):
            return "%s: required" % name
    missing = set(own["operations"]) - set(MODEL.operation_names)
    return "operations %r" % missing if missing and len(own["operations"]) <= len(MODEL.operation_names) else None


JUDGES = {judge.__name__: judge for judge in (sent, read, failed, refused, signed, known)}
count = 0
with open(sys.argv[2]) as file:
    for line in file:
        case = json.loads(line)
        try:
            verdict = JUDGES[case["what"]](case)
        except Exception as error:  # a case that breaks botocore is worth a look as well
            verdict = repr(error)
        count += 1
        if verdict is not None:
            print("%s: %s: %s" % (case["what"], verdict, line.strip()[:600]))
print("judged %d" % count)
