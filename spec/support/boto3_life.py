"""A network's life in a served emulator, told by boto3: every operation succeeds at least once.

boto3_life.py URL MODEL: MODEL is the service's model in the official form. The emulator has two accounts and a partner.
Prints what went wrong, and at last how many operations answered and how many calls were refused as they had to be.
"""
import datetime
import json
import os
import shutil
import sys
import tempfile
import urllib.request

import boto3
import botocore.config
import botocore.exceptions
import botocore.session

URL, MODEL = sys.argv[1:]
ONE, TWO = "111111111111", "222222222222"
REGION, PLACE = "us-east-1", "EqDC2"
CONFIG = botocore.config.Config(retries={"max_attempts": 0, "mode": "standard"}, connect_timeout=20, read_timeout=20)

answered, refused = set(), 0


def session_of(folder):
    session = botocore.session.Session()
    session.get_component("data_loader").search_paths.insert(0, folder)
    return boto3.Session(botocore_session=session)


def note(http_response, parsed, model, **_):
    if http_response.status_code == 200 and model.service_model.service_name == "directconnect":
        answered.add(model.name)


def connect(session, service, key, secret, token=None):
    client = session.client(service, region_name=REGION, endpoint_url=URL, aws_access_key_id=key,
                            aws_secret_access_key=secret, aws_session_token=token, config=CONFIG)
    client.meta.events.register("after-call", note)
    return client


def control(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(URL + path, data=data), timeout=20) as answer:
        return json.load(answer)


def later(seconds=3600):
    control("/_dxconnect/clock", {"advance": seconds})


def until(get, state):
    """Asks over and over, as scripts do that have no waiter, until there is a state."""
    seen = []
    for _ in range(50):
        seen.append(get())
        if seen[-1] == state:
            return seen
        later(60)
    raise AssertionError("%r never came: %r" % (state, seen))


def refuses(client, call, code, **params):
    """A call that has to fail, with a code that the operation lists."""
    global refused
    operation = client.meta.method_to_api_mapping[call]
    listed = {shape.name for shape in client.meta.service_model.operation_model(operation).error_shapes}
    try:
        getattr(client, call)(**params)
    except client.exceptions.from_code(code) as error:
        assert error.response["Error"]["Code"] == code and code in listed, (call, error, listed)
        assert error.response["Error"]["Message"] and error.response["ResponseMetadata"]["RequestId"], error.response
        refused += 1
        return
    raise AssertionError("%s was not refused" % call)


def tags(**pairs):
    return [{"key": key, "value": value} for key, value in pairs.items()]


def interface(name, vlan, **more):
    return dict({"virtualInterfaceName": name, "vlan": vlan, "asn": 65001}, **more)


def addresses(n):
    return {"amazonAddress": "203.0.113.%d/30" % (4 * n + 1), "customerAddress": "203.0.113.%d/30" % (4 * n + 2),
            "routeFilterPrefixes": [{"cidr": "198.51.100.0/24"}]}


CLIENT_ERROR = "DirectConnectClientException"


def ports(dx):
    places = dx.describe_locations()["locations"]
    assert PLACE in [place["locationCode"] for place in places]
    first = dx.create_connection(location=PLACE, bandwidth="10Gbps", connectionName="first", requestMACSec=True,
                                 tags=tags(stage="test"))
    id = first["connectionId"]

    def state():
        return dx.describe_connections(connectionId=id)["connections"][0]["connectionState"]
    assert until(state, "available")[0] == "requested"
    assert dx.describe_loa(connectionId=id, loaContentType="application/pdf")["loaContent"].startswith(b"%PDF")
    dx.describe_connection_loa(connectionId=id)
    lag = dx.create_lag(location=PLACE, connectionsBandwidth="10Gbps", numberOfConnections=1, lagName="lag",
                        requestMACSec=True)
    later()
    dx.associate_connection_with_lag(connectionId=id, lagId=lag["lagId"])
    dx.update_lag(lagId=lag["lagId"], lagName="renamed", minimumLinks=1, encryptionMode="should_encrypt")
    later()
    assert dx.describe_lags(lagId=lag["lagId"])["lags"][0]["numberOfConnections"] == 2
    refuses(dx, "create_connection", CLIENT_ERROR, location="nowhere", bandwidth="10Gbps", connectionName="x")
    refuses(dx, "create_connection", "DuplicateTagKeysException", location=PLACE, bandwidth="10Gbps",
            connectionName="x", tags=tags(a="1") * 2)
    refuses(dx, "create_connection", "TooManyTagsException", location=PLACE, bandwidth="10Gbps", connectionName="x",
            tags=tags(**{"k%d" % i: "" for i in range(51)}))
    return id, lag["lagId"]


def keys(dx, port):
    key = dx.associate_mac_sec_key(connectionId=port, ckn="0f" * 32, cak="1e" * 32)["macSecKeys"][0]
    refuses(dx, "associate_mac_sec_key", CLIENT_ERROR, connectionId=port, ckn="0f" * 32, cak="1e" * 32)

    def state():
        found = dx.describe_connections(connectionId=port)["connections"][0]["macSecKeys"]
        return found[0]["state"] if found else "gone"
    assert until(state, "associated")[0] == "associating"
    dx.update_connection(connectionId=port, connectionName="second", encryptionMode="must_encrypt")
    dx.disassociate_mac_sec_key(connectionId=port, secretARN=key["secretARN"])
    until(state, "gone")
    dx.update_connection(connectionId=port, encryptionMode="no_encrypt")


def gateways(dx, other):
    ids = [dx.create_direct_connect_gateway(directConnectGatewayName="gateway %d" % i)["directConnectGateway"]
           ["directConnectGatewayId"] for i in range(3)]
    dx.update_direct_connect_gateway(directConnectGatewayId=ids[0], newDirectConnectGatewayName="renamed")
    pages = list(dx.get_paginator("describe_direct_connect_gateways").paginate(PaginationConfig={"PageSize": 1}))
    seen = [one["directConnectGatewayId"] for page in pages for one in page["directConnectGateways"]]
    assert len(pages) >= 3 and sorted(seen) == sorted(ids), seen
    dx.describe_virtual_gateways()
    made = dx.create_direct_connect_gateway_association(
        directConnectGatewayId=ids[0], gatewayId="vgw-0a1b2c3d",
        addAllowedPrefixesToDirectConnectGateway=[{"cidr": "10.0.0.0/16"}])["directConnectGatewayAssociation"]
    refuses(dx, "delete_direct_connect_gateway", CLIENT_ERROR, directConnectGatewayId=ids[0])

    def state():
        found = dx.describe_direct_connect_gateway_associations(associationId=made["associationId"])
        return found["directConnectGatewayAssociations"][0]["associationState"]
    assert until(state, "associated")[0] == "associating"
    dx.update_direct_connect_gateway_association(
        associationId=made["associationId"],
        addAllowedPrefixesToDirectConnectGateway=[{"cidr": "10.1.0.0/16"}],
        removeAllowedPrefixesToDirectConnectGateway=[{"cidr": "10.0.0.0/16"}])
    until(state, "associated")
    # the gateway of another account is proposed, and accepted, and a second proposal withdrawn
    for gateway, last in ("vgw-0f0f0f0f", "accept"), ("vgw-0e0e0e0e", "delete"):
        proposal = other.create_direct_connect_gateway_association_proposal(
            directConnectGatewayId=ids[0], directConnectGatewayOwnerAccount=ONE, gatewayId=gateway,
            addAllowedPrefixesToDirectConnectGateway=[{"cidr": "10.2.0.0/16"}]
        )["directConnectGatewayAssociationProposal"]["proposalId"]
        shown = dx.describe_direct_connect_gateway_association_proposals(directConnectGatewayId=ids[0])
        assert proposal in [one["proposalId"] for one in shown["directConnectGatewayAssociationProposals"]]
        if last == "accept":
            dx.accept_direct_connect_gateway_association_proposal(
                directConnectGatewayId=ids[0], proposalId=proposal, associatedGatewayOwnerAccount=TWO)
        else:
            other.delete_direct_connect_gateway_association_proposal(proposalId=proposal)
    later()
    pages = dx.get_paginator("describe_direct_connect_gateway_associations").paginate(
        directConnectGatewayId=ids[0], PaginationConfig={"PageSize": 1})
    assert len(pages.build_full_result()["directConnectGatewayAssociations"]) == 2
    return ids, made["associationId"]


def interfaces(dx, other, port, lag, gateway_ids):
    private = dx.create_private_virtual_interface(connectionId=lag, newPrivateVirtualInterface=interface(
        "private", 10, directConnectGatewayId=gateway_ids[0], tags=tags(a="b")))["virtualInterfaceId"]
    public = dx.create_public_virtual_interface(connectionId=lag, newPublicVirtualInterface=interface(
        "public", 11, **addresses(1)))["virtualInterfaceId"]
    transit = dx.create_transit_virtual_interface(connectionId=lag, newTransitVirtualInterface=interface(
        "transit", 12, directConnectGatewayId=gateway_ids[1]))["virtualInterface"]["virtualInterfaceId"]
    refuses(dx, "create_private_virtual_interface", CLIENT_ERROR, connectionId=lag, newPrivateVirtualInterface=interface(
        "twice", 10, directConnectGatewayId=gateway_ids[0]))
    refuses(dx, "delete_lag", CLIENT_ERROR, lagId=lag)
    hosted = [
        dx.allocate_private_virtual_interface(
            connectionId=lag, ownerAccount=TWO, newPrivateVirtualInterfaceAllocation=interface("hosted private", 20)
        )["virtualInterfaceId"],
        dx.allocate_public_virtual_interface(
            connectionId=lag, ownerAccount=TWO,
            newPublicVirtualInterfaceAllocation=interface("hosted public", 21, **addresses(2)))["virtualInterfaceId"],
        dx.allocate_transit_virtual_interface(
            connectionId=lag, ownerAccount=TWO, newTransitVirtualInterfaceAllocation=interface("hosted transit", 22)
        )["virtualInterface"]["virtualInterfaceId"],
    ]
    other.confirm_private_virtual_interface(virtualInterfaceId=hosted[0], virtualGatewayId="vgw-0f0f0f0f")
    other.confirm_public_virtual_interface(virtualInterfaceId=hosted[1])
    theirs = other.create_direct_connect_gateway(directConnectGatewayName="theirs")["directConnectGateway"]
    other.confirm_transit_virtual_interface(virtualInterfaceId=hosted[2],
                                            directConnectGatewayId=theirs["directConnectGatewayId"])

    def state():
        found = dx.describe_virtual_interfaces(virtualInterfaceId=private)["virtualInterfaces"]
        return found[0]["virtualInterfaceState"]
    until(state, "available")
    later()
    dx.update_virtual_interface_attributes(virtualInterfaceId=private, mtu=8500, virtualInterfaceName="renamed")
    later()
    peer = dx.create_bgp_peer(virtualInterfaceId=private, newBGPPeer={"asn": 65001, "addressFamily": "ipv6"})
    assert len(peer["virtualInterface"]["bgpPeers"]) == 2
    later()
    dx.list_virtual_interface_routes(virtualInterfaceId=private)
    dx.describe_router_configuration(virtualInterfaceId=private,
                                     routerTypeIdentifier="CiscoSystemsInc-2900SeriesRouters-IOS124")
    attachments = dx.get_paginator("describe_direct_connect_gateway_attachments").paginate(
        directConnectGatewayId=gateway_ids[0]).build_full_result()["directConnectGatewayAttachments"]
    assert [one["virtualInterfaceId"] for one in attachments] == [private]
    token, seen = None, []
    while token != "":
        page = dx.describe_virtual_interfaces(maxResults=2, **({"nextToken": token} if token else {}))
        seen += [one["virtualInterfaceId"] for one in page["virtualInterfaces"]]
        token = page.get("nextToken", "")
    assert sorted(seen) == sorted([private, public, transit] + hosted), seen
    shown = other.describe_virtual_interfaces()["virtualInterfaces"]
    assert sorted(one["virtualInterfaceId"] for one in shown) == sorted(hosted), shown

    test = dx.start_bgp_failover_test(virtualInterfaceId=private, testDurationInMinutes=5)["virtualInterfaceTest"]
    assert isinstance(test["startTime"], datetime.datetime)
    assert state() == "testing"
    dx.stop_bgp_failover_test(virtualInterfaceId=private)
    history = dx.list_virtual_interface_test_history(virtualInterfaceId=private)["virtualInterfaceTestHistory"]
    assert [one["testId"] for one in history] == [test["testId"]]
    later()
    dx.delete_bgp_peer(virtualInterfaceId=private, bgpPeerId=peer["virtualInterface"]["bgpPeers"][1]["bgpPeerId"])
    later()
    lone = dx.create_connection(location=PLACE, bandwidth="10Gbps", connectionName="lone")["connectionId"]
    later()
    dx.associate_virtual_interface(virtualInterfaceId=transit, connectionId=lone)
    later()
    for one in (private, public, transit):
        dx.delete_virtual_interface(virtualInterfaceId=one)
    for one in hosted:
        other.delete_virtual_interface(virtualInterfaceId=one)
    later()
    assert dx.describe_virtual_interfaces()["virtualInterfaces"] == []
    return lone


def hosting(dx, other):
    dx.describe_customer_metadata()
    dx.confirm_customer_agreement()
    made = [dx.create_interconnect(interconnectName="i%d" % i, bandwidth="10Gbps", location=PLACE)["interconnectId"]
            for i in range(2)]
    later()
    assert len(dx.describe_interconnects()["interconnects"]) == 2
    dx.describe_interconnect_loa(interconnectId=made[0])
    old = dx.allocate_connection_on_interconnect(interconnectId=made[0], bandwidth="1Gbps", connectionName="old",
                                                 ownerAccount=TWO, vlan=5)["connectionId"]
    new = dx.allocate_hosted_connection(connectionId=made[0], bandwidth="2Gbps", connectionName="new",
                                        ownerAccount=TWO, vlan=6)["connectionId"]
    for one in (old, new):
        refuses(dx, "confirm_connection", CLIENT_ERROR, connectionId=one)
        other.confirm_connection(connectionId=one)
    later()
    assert len(dx.describe_connections_on_interconnect(interconnectId=made[0])["connections"]) == 2
    assert len(dx.describe_hosted_connections(connectionId=made[0])["connections"]) == 2
    dx.associate_hosted_connection(connectionId=new, parentConnectionId=made[1])
    later()
    assert len(dx.describe_hosted_connections(connectionId=made[1])["connections"]) == 1
    for one in (old, new):
        other.delete_connection(connectionId=one)
    later()
    for one in made:
        dx.delete_interconnect(interconnectId=one)
    later()
    assert dx.describe_interconnects()["interconnects"] == []


def resiliency(dx, ports_of):
    group = dx.create_resiliency_group(resiliencyGroupName="group", intendedResiliencyModel="high-resiliency",
                                       tags=tags(a="b"))["resiliencyGroup"]["resiliencyGroupId"]
    dx.associate_connections_to_resiliency_group(resiliencyGroupId=group, connectionIdentifiers=ports_of)
    later()
    dx.update_resiliency_group(resiliencyGroupId=group, resiliencyGroupName="renamed")
    assert dx.get_resiliency_group(resiliencyGroupId=group)["resiliencyGroup"]["resiliencyGroupName"] == "renamed"
    assert len(dx.list_resiliency_groups()["items"]) == 1
    assert len(dx.list_resiliency_group_associations(resiliencyGroupId=group)["items"]) == len(ports_of)
    dx.disassociate_connections_from_resiliency_group(resiliencyGroupId=group, connectionIdentifiers=ports_of)
    later()
    dx.delete_resiliency_group(resiliencyGroupId=group)


def tagging(dx, port):
    arn = "arn:aws:directconnect:%s:%s:dxcon/%s" % (REGION, ONE, port)
    dx.tag_resource(resourceArn=arn, tags=tags(owner="network", stage="prod"))
    dx.untag_resource(resourceArn=arn, tagKeys=["owner"])
    assert dx.describe_tags(resourceArns=[arn])["resourceTags"][0]["tags"] == tags(stage="prod")


def tokens(session):
    """Who asks, and a role of the other account, which sees what is the other account's."""
    sts = connect(session, "sts", "AKIDONE", "one")
    assert sts.get_caller_identity()["Account"] == ONE
    role = sts.assume_role(RoleArn="arn:aws:iam::%s:role/audit" % TWO, RoleSessionName="spec")["Credentials"]
    assert role["Expiration"] > datetime.datetime.now(datetime.timezone.utc)
    keys_of = role["AccessKeyId"], role["SecretAccessKey"], role["SessionToken"]
    identity = connect(session, "sts", *keys_of).get_caller_identity()
    assert identity["Account"] == TWO and "assumed-role/audit/spec" in identity["Arn"], identity
    names = [one["directConnectGatewayName"] for one in
             connect(session, "directconnect", *keys_of).describe_direct_connect_gateways()["directConnectGateways"]]
    assert names == ["theirs"], names
    for key, secret in ("AKIDONE", "wrong"), ("AKIDNOBODY", "one"):
        try:
            connect(session, "directconnect", key, secret).describe_connections()
        except botocore.exceptions.ClientError as error:
            assert error.response["ResponseMetadata"]["HTTPStatusCode"] in (400, 403), error.response
        else:
            raise AssertionError("a wrong key was taken")


def life(session):
    dx, other = connect(session, "directconnect", "AKIDONE", "one"), connect(session, "directconnect", "AKIDTWO", "two")
    port, lag = ports(dx)
    gateway_ids, association = gateways(dx, other)
    lone = interfaces(dx, other, port, lag, gateway_ids)
    dx.disassociate_connection_from_lag(connectionId=port, lagId=lag)
    later()
    keys(dx, port)
    assert other.describe_connections()["connections"] == []
    resiliency(dx, [port, lone])
    tagging(dx, port)
    hosting(connect(session, "directconnect", "AKIDPARTNER", "three"), other)
    tokens(session)
    every = [one["connectionId"] for one in dx.describe_connections()["connections"]]
    dx.update_connections_billing_mode(connectionIds=every, billingMode="FlatRateTier1")
    # and all of it ends
    dx.delete_direct_connect_gateway_association(associationId=association)
    later()
    for one in gateway_ids[1:]:
        dx.delete_direct_connect_gateway(directConnectGatewayId=one)
    dx.delete_lag(lagId=lag)
    later()
    for one in dx.describe_connections()["connections"]:
        dx.delete_connection(connectionId=one["connectionId"])
    later()
    assert dx.describe_connections()["connections"] == [] and dx.describe_lags()["lags"] == []
    missing = set(dx.meta.service_model.operation_names) - answered
    print("answered %d of %d, refused %d" % (len(answered), len(dx.meta.service_model.operation_names), refused))
    if missing:
        print("never answered: %s" % sorted(missing))


folder = tempfile.mkdtemp()
try:
    os.makedirs(os.path.join(folder, "directconnect", "2012-10-25"))
    with open(MODEL) as file, open(os.path.join(folder, "directconnect", "2012-10-25", "service-2.json"), "w") as copy:
        model = json.load(file)
        # boto3 wants more of it than the model has: ids, protocols
        own = botocore.session.Session().get_component("data_loader").load_service_model("directconnect", "service-2")
        json.dump({**model, "metadata": own["metadata"]}, copy)
    life(session_of(folder))
finally:
    shutil.rmtree(folder)
