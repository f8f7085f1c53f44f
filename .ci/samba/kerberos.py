#!/usr/bin/python3
"""Makes what a test needs to log in with a ticket: a keytab and a credential cache of
the administrator of the domain that start.sh serves, which must be running.

usage: kerberos.py SMB_CONF PASSWORD_FILE SERVICE PRINCIPAL KEYTAB CACHE

With LDAP and Kerberos alone the controller does not register itself as a service, so
that is done here.
The keys are read from the domain's own files, so that the password need not change.
KRB5_CONFIG must name the krb5.conf that leads to the server.
"""
import sys

import samba.dckeytab  # adds export_keytab to Net
import samba.param
from samba.auth import system_session
from samba.credentials import MUST_USE_KERBEROS, Credentials
from samba.net import Net
from samba.samdb import SamDB


def register(settings, service):
    domain = SamDB(session_info=system_session(), lp=settings)
    account = settings.get("netbios name") + "$"
    (found,) = domain.search(
        base=domain.domain_dn(), expression="(sAMAccountName=%s)" % account, attrs=["servicePrincipalName"]
    )
    if service.encode() not in found.get("servicePrincipalName", []):
        domain.modify_ldif(
            "dn: %s\nchangetype: modify\nadd: servicePrincipalName\nservicePrincipalName: %s\n" % (found.dn, service)
        )


def main(smb_conf, password_file, service, principal, keytab, cache):
    settings = samba.param.LoadParm()
    settings.load(smb_conf)
    register(settings, service)
    Net(Credentials(), settings).export_keytab(keytab=keytab, principal=principal)
    user, realm = principal.split("@")
    who = Credentials()
    who.guess(settings)
    who.set_username(user)
    who.set_realm(realm)
    with open(password_file, encoding="ascii") as f:
        who.set_password(f.read())
    who.set_kerberos_state(MUST_USE_KERBEROS)
    who.get_named_ccache(settings, "FILE:" + cache)


if __name__ == "__main__":
    if len(sys.argv) != 7:
        sys.exit(__doc__)
    main(*sys.argv[1:])
