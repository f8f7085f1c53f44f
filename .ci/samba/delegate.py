#!/usr/bin/python3
"""Makes an account that may do what docs/active-directory.md delegates, and nothing else.

usage: delegate.py SMB_CONF BASE_OU ACCOUNT PASSWORD_FILE

BASE_OU is made when it is not there. The rights are those of the page's dsacls commands,
attribute by attribute, so that the page is proved by whoever runs orgit as this account.
The password comes in a file, so that no process list shows it.
"""
import sys

import ldb
import samba.param
from samba.auth import system_session
from samba.dcerpc import security
from samba.ndr import ndr_pack, ndr_unpack
from samba.samdb import SamDB

USER = "bf967aba-0de6-11d0-a285-00aa003049e2"
OU = "bf967aa5-0de6-11d0-a285-00aa003049e2"
RESET_PASSWORD = "00299570-246d-11d0-a768-00aa006e0529"

OF_USERS = """name cn sAMAccountName userPrincipalName givenName sn displayName title department company employeeNumber mail
telephoneNumber mobile physicalDeliveryOfficeName manager accountExpires userAccountControl pwdLastSet adminDescription
adminDisplayName""".split()
OF_OUS = "name ou adminDescription adminDisplayName".split()


def schema_guid(db, attribute):
    found = db.search(db.get_schema_basedn(), ldb.SCOPE_ONELEVEL, f"(lDAPDisplayName={attribute})", ["schemaIDGUID"])
    from samba.dcerpc import misc
    return str(ndr_unpack(misc.GUID, found[0]["schemaIDGUID"][0]))


def main(smb_conf, base, account, password_file):
    settings = samba.param.LoadParm()
    settings.load(smb_conf)
    db = SamDB(session_info=system_session(), lp=settings)
    with open(password_file, encoding="ascii") as f:
        db.newuser(account, f.read())
    try:
        db.add({"dn": base, "objectClass": "organizationalUnit"})
    except ldb.LdbError as error:
        if error.args[0] != ldb.ERR_ENTRY_ALREADY_EXISTS:
            raise
    found = db.search(expression=f"(sAMAccountName={account})", attrs=["objectSid"])
    sid = ndr_unpack(security.dom_sid, found[0]["objectSid"][0])
    aces = [f"(OA;CI;CCDC;{kind};;{sid})" for kind in (USER, OU)]
    for kind, attributes in ((USER, OF_USERS), (OU, OF_OUS)):
        aces += [f"(OA;CIIO;RPWP;{schema_guid(db, a)};{kind};{sid})" for a in attributes]
    aces.append(f"(OA;CIIO;CR;{RESET_PASSWORD};{USER};{sid})")
    old = db.search(base, ldb.SCOPE_BASE, attrs=["nTSecurityDescriptor"])[0]["nTSecurityDescriptor"][0]
    sddl = ndr_unpack(security.descriptor, old).as_sddl()
    at = sddl.index("(", sddl.index("D:"))
    new = security.descriptor.from_sddl(sddl[:at] + "".join(aces) + sddl[at:], security.dom_sid(db.get_domain_sid()))
    change = ldb.Message(ldb.Dn(db, base))
    change["nTSecurityDescriptor"] = ldb.MessageElement(ndr_pack(new), ldb.FLAG_MOD_REPLACE, "nTSecurityDescriptor")
    db.modify(change)
    print(found[0].dn)


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
