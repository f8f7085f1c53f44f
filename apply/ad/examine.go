package ad

import (
	"context"
	"errors"
	"fmt"

	"orgit.dk/orgit/apply"
)

// Examine says whether the directory can be used as it is configured: it connects, binds,
// looks for the part that is orgit's, at the directory's clock, limits, schema and
// controllers, and tries orgit's rights on objects of its own that it removes again.
// With Config.ReadOnly it leaves that trial out and writes nothing.
func Examine(ctx context.Context, c Config) []apply.Check {
	checks := []apply.Check{good("configuration", "%s, %s", c.address(), c.BaseDN)}
	k, err := connect(ctx, c, 1)
	if err != nil {
		return append(checks, apply.Check{
			Subject: "login", State: apply.CheckFault, Text: err.Error(), Err: err, Hint: c.Domain.loginHint(err),
		}, apply.Check{Subject: "base DN", State: apply.CheckSkipped, Text: "the login has to work first"})
	}
	checks = append(checks, good("login", "%s", k.config.as()), k.examineBase(ctx))
	checks = append(checks, k.examineDomain(ctx)...)
	if err := k.checkSchema(ctx); err != nil {
		checks = append(checks, faultCheck("attributes", "correct "+c.Domain.setting()+".attributes", err))
	}
	if c.Changes {
		checks = append(checks, k.examineChanges(ctx))
	}
	checks = append(checks, k.examineRights(ctx))
	if err := k.Close(); err != nil {
		checks = append(checks, warning("connection", "", "it does not end well: %v", err))
	}
	return checks
}

func good(subject, format string, args ...any) apply.Check {
	return apply.Check{Subject: subject, State: apply.CheckGood, Text: fmt.Sprintf(format, args...)}
}

func warning(subject, hint, format string, args ...any) apply.Check {
	return apply.Check{Subject: subject, State: apply.CheckWarning, Text: fmt.Sprintf(format, args...), Hint: hint}
}

func skipped(subject, format string, args ...any) apply.Check {
	return apply.Check{Subject: subject, State: apply.CheckSkipped, Text: fmt.Sprintf(format, args...)}
}

func faultCheck(subject, hint string, err error) apply.Check {
	return apply.Check{Subject: subject, State: apply.CheckFault, Text: err.Error(), Hint: hint, Err: err}
}

func (x Domain) loginHint(err error) string {
	switch {
	case errors.Is(err, apply.ErrNotAuthorised):
		return "look at bindDN and the password in " + x.variable("ORGIT_AD_PASSWORD_FILE") + " (or the principal and its keytab), and at whether the account is locked or expired"
	case errors.Is(err, ErrNotConfigured):
		return "correct " + x.setting() + " in organisation.cue, or the environment"
	}
	return "look at the address, the firewall and the certificate (" + x.variable("ORGIT_AD_CA_FILE") + ")"
}

func (k *connection) examineBase(ctx context.Context) apply.Check {
	base, err := k.readOne(ctx, k.config.BaseDN, []string{"1.1"})
	switch {
	case err != nil:
		err = k.config.Domain.explain(err)
	case base == nil:
		err = fmt.Errorf("%w: %s does not exist, or orgit may not see it", ErrNotConfigured, k.config.BaseDN)
	default:
		return good("base DN", "%s is there", k.config.BaseDN)
	}
	return faultCheck("base DN", "make the OU, give orgit's account rights on it, or correct "+k.config.Domain.setting()+".baseDN", err)
}

// examineChanges tries whether orgit may ask for changes.
func (k *connection) examineChanges(ctx context.Context) apply.Check {
	d, err := k.domain(ctx)
	if err == nil {
		_, _, err = k.dirSync(ctx, d.root, nil, matchNothing)
	}
	if err != nil {
		return warning("changes", "until then every read is a full one", "%v", err)
	}
	return good("changes", "orgit may ask for what has changed (DirSync); kept in %s", k.config.CacheDir)
}
