package ad

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// ErrProtected: the account is one that orgit never touches. Others may be open to it, so
// the run goes on.
var ErrProtected = errors.New("orgit does not touch this account")

// ownNames are the login names that every directory has for itself, in English and Danish,
// folded. Whoever renamed the account that the directory made still has it marked as
// critical.
func ownNames() []string {
	return []string{"administrator", "guest", fold("Gæst"), "krbtgt", "defaultaccount", "wdagutilityaccount"}
}

// isOwnName reports whether a folded login name is the directory's own. Each read-only
// controller has a krbtgt of its own with a number.
func isOwnName(login string) bool {
	return slices.Contains(ownNames(), login) || strings.HasPrefix(login, "krbtgt_")
}

// Protecting gives the configuration in which the login names are protected that the
// settings name, and those of the robots and service accounts that the organisation
// declares. What was protected before stays so.
func (c Config) Protecting(o *org.Organisation) Config {
	protected := map[string]plan.Protection{}
	for login, why := range c.protected {
		protected[login] = why
	}
	for login, why := range protectedLogins(c.Domain, o) {
		protected[login] = why
	}
	c.protected = protected
	return c
}

func protectedLogins(x Domain, o *org.Organisation) map[string]plan.Protection {
	protected := map[string]plan.Protection{}
	if o == nil {
		return protected
	}
	for h, base := range o.Accounts {
		states := []*org.Account{base}
		for _, v := range base.Versions {
			states = append(states, v.State)
		}
		for _, a := range states {
			if a.System == x.System() && (h.Robot != nil || a.Kind == org.AccountService) {
				protected[fold(a.Name)] = plan.ProtectedRobot
			}
		}
	}
	if s := x.Settings(o); s != nil {
		for _, login := range s.Protected {
			protected[fold(login)] = plan.ProtectedSetting
		}
	}
	return protected
}

// protection is why orgit may not touch an object; empty when it may.
func (k *connection) protection(o *object) plan.Protection {
	login := o.GetEqualFoldAttributeValue(attrLogin)
	switch {
	case strings.EqualFold(o.GetEqualFoldAttributeValue("isCriticalSystemObject"), "TRUE"):
		return plan.ProtectedSystem
	case isOwnName(fold(login)):
		return plan.ProtectedName
	case k.isSelf(o, login):
		return plan.ProtectedSelf
	case login != "" && k.config.protected[fold(login)] != "":
		return k.config.protected[fold(login)]
	case o.GetEqualFoldAttributeValue("adminCount") == "1":
		return plan.ProtectedAdmin
	case !o.owned && len(o.GetEqualFoldAttributeValues("servicePrincipalName")) > 0:
		// What people use has no service's name. An account that orgit has made is known to
		// be a person's, so there it stops nobody from leaving.
		return plan.ProtectedService
	}
	return ""
}

// isSelf reports whether an object is the account that orgit logs in as, in any form in
// which the settings may name it: a DN, a UPN, DOMAIN\login, or the principal of a keytab or
// a credential cache, which is a login name or a UPN.
func (k *connection) isSelf(o *object, login string) bool {
	upn := o.GetEqualFoldAttributeValue(attrUPN)
	if t := k.config.Kerberos; t != nil {
		return t.User != "" && (strings.EqualFold(t.User, login) || upn != "" && strings.EqualFold(t.User+"@"+t.Realm, upn))
	}
	as := k.config.BindDN
	if dn, err := ldap.ParseDN(as); err == nil && len(dn.RDNs) > 0 && dn.EqualFold(o.dn) {
		return true
	}
	if _, name, ok := strings.Cut(as, `\`); ok && !strings.Contains(as, "=") && login != "" {
		return strings.EqualFold(name, login)
	}
	return upn != "" && strings.EqualFold(as, upn)
}

// refuseProtected is the error for an object that orgit may not touch, read just before the
// write: what the plan read may be from before somebody made the person an administrator.
func (k *connection) refuseProtected(o *object) error {
	if o == nil {
		return nil
	}
	switch why := k.protection(o); why {
	case "":
		return nil
	case plan.ProtectedAdmin:
		return fmt.Errorf("%w: the directory protects %s as an administrator's (adminCount=1)", ErrProtected, o.DN)
	case plan.ProtectedSystem:
		return fmt.Errorf("%w: the directory itself needs %s (isCriticalSystemObject)", ErrProtected, o.DN)
	case plan.ProtectedService:
		return fmt.Errorf("%w: programs run as %s (servicePrincipalName)", ErrProtected, o.DN)
	case plan.ProtectedSelf:
		return fmt.Errorf("%w: orgit itself logs in as %s", ErrProtected, o.DN)
	default:
		return fmt.Errorf("%w: the login name of %s is protected (%s)", ErrProtected, o.DN, why)
	}
}

// protectionOf is why an account that is asked for is never made or changed: its login
// name is not one for people.
func (d *desired) protectionOf(login string) plan.Protection {
	if d.protected == nil {
		d.protected = protectedLogins(d.domain, d.o)
	}
	login = fold(login)
	if isOwnName(login) {
		return plan.ProtectedName
	}
	return d.protected[login]
}
