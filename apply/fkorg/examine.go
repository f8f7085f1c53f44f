package fkorg

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/fkorg/sts"
	"orgit.dk/orgit/internal/soap/wss"
	"orgit.dk/orgit/org"
)

// Examine says whether FK Organisation can be used as it is configured, and what of the organisation cannot be written
// there on the day: certificates, token, rights, clocks, a search, the municipality's Organisation object, KLE numbers without a
// class. It writes nothing.
func Examine(ctx context.Context, c Config, o *org.Organisation, day org.Day) []apply.Check {
	c = c.complete()
	e := &examination{config: c, now: c.Now()}
	e.good("configuration", "%s", c.URL)
	if c.Security == nil {
		e.warn("security", "no tokens and no signatures: this is a simulator on this machine", "")
	} else {
		e.certificates(c.Security)
	}
	e.service(ctx)
	e.organisation(o, day)
	return e.checks
}

// examination collects what is found.
type examination struct {
	config Config
	now    time.Time
	checks []apply.Check
}

func (e *examination) good(subject, format string, args ...any) {
	e.checks = append(e.checks, apply.Check{Subject: subject, State: apply.CheckGood, Text: fmt.Sprintf(format, args...)})
}

func (e *examination) warn(subject, text, hint string) {
	e.checks = append(e.checks, apply.Check{Subject: subject, State: apply.CheckWarning, Text: text, Hint: hint})
}

func (e *examination) fault(subject string, err error, hint string) {
	e.checks = append(e.checks, apply.Check{Subject: subject, State: apply.CheckFault, Text: err.Error(), Err: err, Hint: hint})
}

func (e *examination) skip(subject, text string) {
	e.checks = append(e.checks, apply.Check{Subject: subject, State: apply.CheckSkipped, Text: text})
}

// soonExpired is how long before its end a certificate is worth a warning: a new one takes weeks to get and to register.
const soonExpired = 45 * 24 * time.Hour

// certificates looks at orgit's own certificate, and at those that tokens and answers are held against. They have been
// read, and of each list one is valid now, or there would be no configuration.
func (e *examination) certificates(s *Security) {
	e.certificate("certificate", s.Identity.Certificate, "order a new one and register it for the system in the administration module (Administrationsmodul)")
	for _, c := range s.TokenService.Certificates {
		e.certificate("token service", c, "get its successor and add it to ORGIT_FK_STS_CERTIFICATES")
	}
	for _, c := range s.ServiceCertificates {
		e.certificate("service", c, "get its successor and add it to ORGIT_FK_SERVICE_CERTIFICATES")
	}
}

func (e *examination) certificate(subject string, c *x509.Certificate, hint string) {
	days := int(c.NotAfter.Sub(e.now).Hours() / 24)
	text := fmt.Sprintf("%s, valid until %s (%d days)", c.Subject, c.NotAfter.In(koebenhavn()).Format(time.DateOnly), days)
	switch {
	case e.now.Before(c.NotBefore):
		e.warn(subject, fmt.Sprintf("%s, valid from %s on", c.Subject, c.NotBefore.In(koebenhavn()).Format(time.DateOnly)), "")
	case e.now.After(c.NotAfter):
		e.warn(subject, fmt.Sprintf("%s, expired on %s", c.Subject, c.NotAfter.In(koebenhavn()).Format(time.DateOnly)), hint)
	case c.NotAfter.Sub(e.now) < soonExpired:
		e.warn(subject, text, hint)
	default:
		e.good(subject, "%s", text)
	}
}

// service gets a token and makes calls with it.
func (e *examination) service(ctx context.Context) {
	clock := &serverClock{under: e.config.http().Transport, now: e.config.Now}
	c := e.config
	c.transport = clock
	source := c.Tokens() // one, so that a doctor asks for one token
	token := source == nil || e.token(ctx, c, source)
	k := openWith(c, source)
	k.vent = func(context.Context, time.Duration) error { return errImpatient }
	switch {
	case !token:
		e.skip("search", "a token has to be there first")
	case e.search(ctx, k):
		e.municipality(ctx, k)
	}
	e.clock(clock)
}

// errImpatient ends the tries of a read at once: whoever asks a doctor wants to hear what is wrong now.
var errImpatient = errors.New("not tried again")

// token gets a token and says what it allows.
func (e *examination) token(ctx context.Context, c Config, source *sts.Source) bool {
	token, err := source.Token(ctx)
	if err != nil {
		e.fault("token", err, tokenHint(err))
		return false
	}
	e.good("token", "for CVR %s, from %s, until %s", c.Security.CVR, c.Security.TokenService.URL, token.NotOnOrAfter.In(koebenhavn()).Format("2006-01-02 15:04"))
	e.rights(token, c.Security.Privileges)
	return true
}

func tokenHint(err error) string {
	switch {
	case errors.Is(err, sts.ErrNoAgreement):
		return "request a service agreement for Organisation 6 and this CVR number in the administration module, and have the municipality approve it"
	case errors.Is(err, wss.ErrUnproven):
		return "look at ORGIT_FK_STS_CERTIFICATES: the token service may have a new certificate"
	case errors.Is(err, apply.ErrUnreachable):
		return "look at the address (sts.url), the firewall, and whether the token service is up"
	}
	return "look at whether orgit's certificate is registered for the system, and at the service agreement"
}

// rights says what the token allows. The names of the roles are not published: where the settings state them they are
// looked for, else they are listed for a person to judge.
func (e *examination) rights(token *wss.Assertion, wanted org.FKPrivileges) {
	groups, err := sts.Privileges(token)
	if err != nil {
		e.fault("roles", err, "")
		return
	}
	var names []string
	for _, g := range groups {
		names = append(names, g.Privileges...)
		for _, c := range g.Constraints {
			names = append(names, c.Name+"="+c.Value)
			e.restriction(c)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	list := cmp.Or(strings.Join(names, ", "), "none")
	var missing []string
	for _, p := range []struct{ name, role string }{{wanted.Read, "Udstil (read)"}, {wanted.Write, "Rediger (write)"}} {
		if p.name != "" && !slices.Contains(names, p.name) {
			missing = append(missing, p.role+": "+p.name)
		}
	}
	switch {
	case len(missing) > 0:
		e.fault("roles", fmt.Errorf("%w: the token lacks %s; it has %s", apply.ErrNotAuthorised, strings.Join(missing, ", "), list),
			"add the role to the service agreement and have it approved again")
	case len(names) == 0:
		e.fault("roles", fmt.Errorf("%w: the token allows nothing", apply.ErrNotAuthorised), "add the roles Udstil and Rediger to the service agreement")
	case wanted.Read == "" || wanted.Write == "":
		e.warn("roles", "the token has "+list, "see that Udstil and Rediger are among them; when you know their names, state them in targets.fkOrganisation.privileges and orgit looks for them")
	default:
		e.good("roles", "%s", list)
	}
}

// restriction warns of a data restriction (dataafgrænsning) that hides names or CPR numbers: what orgit may not read it
// cannot send back when a person's name changes.
func (e *examination) restriction(c sts.Constraint) {
	name := strings.ToLower(c.Name)
	if (strings.HasSuffix(name, "senavn") || strings.HasSuffix(name, "secpr")) && !strings.EqualFold(c.Value, "ja") {
		e.warn("restriction", c.Name+" is "+c.Value+": what is hidden from orgit is lost when orgit changes the object that holds it", "set it to Ja in the service agreement, before the first apply")
	}
}

// search makes the smallest search there is.
func (e *examination) search(ctx context.Context, k *Klient) bool {
	q := Soegning{Relationer: []Relation{{Navn: "Tilhoerer", Ref: Til(k.organisation)}}}
	hits, err := k.Soeg(ctx, Enhed, q, Side{Fra: 0, Antal: 1})
	if err != nil {
		err = aarsag(err)
		e.fault("search", err, searchHint(err))
		return false
	}
	text := "the service answers; it knows units of the municipality"
	if len(hits) == 0 {
		text = "the service answers; it knows no unit of the municipality yet"
	}
	e.good("search", "%s", text)
	return true
}

func searchHint(err error) string {
	switch {
	case errors.Is(err, wss.ErrUnproven):
		return "look at ORGIT_FK_SERVICE_CERTIFICATES: the service may have a new certificate"
	case errors.Is(err, apply.ErrNotAuthorised):
		return "look at the service agreement: the role Udstil (read)"
	}
	return "look at the address (url) and the firewall"
}

// municipality reads the Organisation object that everything is written in the name of.
func (e *examination) municipality(ctx context.Context, k *Klient) {
	o, err := k.Laes(ctx, Organisation, k.organisation, nil)
	hint := "targets.fkOrganisation.organisation must be the UUID of the municipality's Organisation object, which KOMBIT has made"
	switch {
	case err != nil:
		e.fault("organisation", aarsag(err), hint)
		return
	case o == nil:
		e.fault("organisation", fmt.Errorf("%w: there is no Organisation %s", ErrNotConfigured, k.organisation), hint)
		return
	}
	text := "it has no root unit yet"
	if over := o.Gaeldende("Overordnet", e.now); len(over) > 0 {
		text = "its root unit is " + over[0].Ref.UUID()
	}
	e.good("organisation", "%s (%s); %s", o.Navn(e.now), k.organisation, text)
}

// organisation says what of the files cannot be written.
func (e *examination) organisation(o *org.Organisation, day org.Day) {
	for _, gap := range MissingKLE(o, day) {
		e.warn("KLE "+gap.Number, "no class in classes.kle; stated by "+strings.Join(gap.Units, ", "), "add its UUID from STS Klassifikation to classes.kle")
	}
	for _, aspect := range UnwrittenTaskAspects(o, day) {
		e.warn("tasks", "the aspect "+aspect+" is stated and not written: nobody publishes its class", "state it in targets.fkOrganisation.taskRoles when KOMBIT has told you")
	}
}

// tooSkewed is how far this machine's clock may be off: signatures are refused at five minutes.
const tooSkewed = time.Minute

// serverClock notes what the servers' clocks say, from the Date header of every answer.
type serverClock struct {
	under http.RoundTripper
	now   func() time.Time

	mu     sync.Mutex
	behind map[string]time.Duration // by host: how far this machine's clock is behind
}

// RoundTrip is called by http.Client.
func (s *serverClock) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := s.under.RoundTrip(r)
	if err != nil {
		return resp, err
	}
	if date, dateErr := http.ParseTime(resp.Header.Get("Date")); dateErr == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.behind == nil {
			s.behind = map[string]time.Duration{}
		}
		s.behind[r.URL.Host] = date.Sub(s.now().Truncate(time.Second))
	}
	return resp, err
}

// clock compares this machine's clock with those of the servers.
func (e *examination) clock(s *serverClock) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var far []string
	for host, behind := range s.behind {
		if behind.Abs() > tooSkewed {
			far = append(far, fmt.Sprintf("%s away from that of %s", behind.Abs(), host))
		}
	}
	slices.Sort(far)
	switch {
	case len(s.behind) == 0:
		e.skip("clock", "no server has answered")
	case len(far) > 0:
		e.warn("clock", "this machine's clock is "+strings.Join(far, " and "), "set it by a time server: messages that are five minutes off are refused")
	default:
		e.good("clock", "as the servers'")
	}
}
