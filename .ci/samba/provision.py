#!/usr/bin/python3
"""Makes the domain that start.sh serves.

usage: provision.py SMB_CONF CONTROLLER ADDRESS PASSWORD_FILE

This calls the library and not `samba-tool domain provision`, because only the
call can leave out the access control lists on sysvol: they need a further
package and a file system with security.* attributes, and LDAP needs neither.
The password comes in a file, so that no process list shows it.
"""
import logging
import sys

import samba.param
from samba.auth import system_session
from samba.dsdb import DS_DOMAIN_FUNCTION_2008_R2
from samba.provision import FILL_FULL, provision


def main(smb_conf, controller, address, password_file):
    logging.basicConfig(level=logging.WARNING)
    with open(password_file, encoding="ascii") as f:
        password = f.read()
    settings = samba.param.LoadParm()
    settings.load(smb_conf)
    domain = provision(
        logging.getLogger("provision"),
        system_session(),
        lp=settings,
        smbconf=smb_conf,
        realm=settings.get("realm"),
        domain=settings.get("workgroup"),
        hostname=controller,
        hostip=address,
        adminpass=password,
        serverrole="dc",
        samdb_fill=FILL_FULL,
        dom_for_fun_level=DS_DOMAIN_FUNCTION_2008_R2,
        dns_backend="NONE",
        skip_sysvolacl=True,
        # mdb keeps its speed as the domain grows, tdb does not.
        backend_store="mdb",
        backend_store_size=2 << 30,
    )
    # A test domain that is kept must not refuse its own passwords after 42 days.
    domain.samdb.set_maxPwdAge("0")


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
