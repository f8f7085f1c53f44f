package ad

import (
	"context"
	"errors"
	"fmt"

	"orgit.dk/orgit/apply"
)

// Examine says whether the directory can be used as it is configured: it connects, binds and looks for the part that is
// orgit's. It writes nothing.
func Examine(ctx context.Context, c Config) []apply.Check {
	checks := []apply.Check{{Subject: "configuration", State: apply.CheckGood, Text: c.URL + ", " + c.BaseDN}}
	k, err := connect(ctx, c, 1)
	if err != nil {
		return append(checks, apply.Check{
			Subject: "login", State: apply.CheckFault, Text: err.Error(), Err: err, Hint: loginHint(err),
		}, apply.Check{Subject: "base DN", State: apply.CheckSkipped, Text: "the login has to work first"})
	}
	checks = append(checks, apply.Check{Subject: "login", State: apply.CheckGood, Text: c.BindDN}, k.examineBase(ctx))
	if err := k.Close(); err != nil {
		checks = append(checks, apply.Check{Subject: "connection", State: apply.CheckWarning, Text: fmt.Sprintf("it does not end well: %v", err)})
	}
	return checks
}

func loginHint(err error) string {
	switch {
	case errors.Is(err, apply.ErrNotAuthorised):
		return "look at bindDN and the password in ORGIT_AD_PASSWORD_FILE, and at whether the account is locked or expired"
	case errors.Is(err, ErrNotConfigured):
		return "correct targets.ad in organisation.cue, or the environment"
	}
	return "look at the address, the firewall and the certificate (ORGIT_AD_CA_FILE)"
}

func (k *connection) examineBase(ctx context.Context) apply.Check {
	check := apply.Check{Subject: "base DN", State: apply.CheckGood, Text: k.config.BaseDN + " is there"}
	base, err := k.readOne(ctx, k.config.BaseDN, []string{"1.1"})
	switch {
	case err != nil:
		err = explain(err)
	case base == nil:
		err = fmt.Errorf("%w: %s does not exist, or orgit may not see it", ErrNotConfigured, k.config.BaseDN)
	default:
		return check
	}
	check.State, check.Text, check.Err = apply.CheckFault, err.Error(), err
	check.Hint = "make the OU, give orgit's account rights on it, or correct targets.ad.baseDN"
	return check
}
