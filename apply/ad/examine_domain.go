package ad

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/apply"
)

// maxSkew is how far two clocks may be apart; Kerberos takes no more.
const maxSkew = 5 * time.Minute

// examineDomain looks at what the controller says of itself.
func (k *connection) examineDomain(ctx context.Context) []apply.Check {
	dse, err := k.readOne(ctx, "", []string{"currentTime", "dnsHostName", "domainFunctionality", "highestCommittedUSN",
		"defaultNamingContext", "configurationNamingContext", "schemaNamingContext"})
	if err == nil && dse == nil {
		err = fmt.Errorf("%w: the directory does not describe itself", ErrNotConfigured)
	}
	if err != nil {
		return []apply.Check{faultCheck("domain", "is this Active Directory?", k.config.Domain.explain(err))}
	}
	return []apply.Check{
		examineLevel(dse), examineClock(dse, k.config.Now()), k.examineControllers(ctx, dse), k.examinePages(ctx, dse),
		k.examineMark(ctx, dse, "anchor", k.config.Anchor, len(ownPrefix)+36),
		k.examineMark(ctx, dse, "mark", markAttribute(k.config.Anchor), len(longestMark().String())),
	}
}

// levelName gives the names of functional levels (MS-ADTS 6.1.4.2).
func levelName(level string) string {
	names := map[string]string{"0": "2000", "2": "2003", "3": "2008", "4": "2008 R2", "5": "2012", "6": "2012 R2", "7": "2016", "10": "2025"}
	if name := names[level]; name != "" {
		return name
	}
	return level
}

func examineLevel(dse *ldap.Entry) apply.Check {
	level := dse.GetEqualFoldAttributeValue("domainFunctionality")
	if level == "" {
		return skipped("domain", "%s does not say its functional level", dse.GetEqualFoldAttributeValue("defaultNamingContext"))
	}
	return good("domain", "%s, functional level %s, update number %s", dse.GetEqualFoldAttributeValue("defaultNamingContext"),
		levelName(level), dse.GetEqualFoldAttributeValue("highestCommittedUSN"))
}

func examineClock(dse *ldap.Entry, now time.Time) apply.Check {
	at, err := time.Parse("20060102150405.0Z", dse.GetEqualFoldAttributeValue("currentTime"))
	if err != nil {
		return skipped("clock", "the controller does not say what time it has")
	}
	apart := now.Sub(at).Round(time.Second)
	if apart.Abs() > maxSkew {
		return warning("clock", "put one of them right: the days on which accounts open and close depend on them, and Kerberos takes five minutes at most",
			"this machine and the controller are %s apart", apart.Abs())
	}
	return good("clock", "%s from the controller's", apart.Abs())
}

// examineControllers counts the domain's controllers: with several, what orgit writes at
// one is seen later at others.
func (k *connection) examineControllers(ctx context.Context, dse *ldap.Entry) apply.Check {
	const subject = "controllers"
	host := dse.GetEqualFoldAttributeValue("dnsHostName")
	var count int
	if k.config.DNSName != "" && k.config.URL == "" {
		records, err := k.config.lookup(ctx)
		if err != nil {
			return warning(subject, "look at the SRV records", "%v", err)
		}
		count = len(records)
	} else {
		found, err := k.search(ctx, ldap.NewSearchRequest("CN=Sites,"+dse.GetEqualFoldAttributeValue("configurationNamingContext"), ldap.ScopeWholeSubtree,
			ldap.NeverDerefAliases, 0, 0, false, "(objectClass=nTDSDSA)", []string{"1.1"}, nil))
		if err != nil || len(found) == 0 {
			return skipped(subject, "orgit may not see which controllers there are")
		}
		count = len(found)
	}
	if count == 1 {
		return good(subject, "%s is the only one", host)
	}
	return good(subject, "%d; this run used %s. What orgit writes there is at the others after replication: within a site 15 seconds to a minute, between sites 15 minutes or more",
		count, host)
}

// examinePages looks at how many objects the directory sends at a time. Reading does not
// need the limit to be high.
func (k *connection) examinePages(ctx context.Context, dse *ldap.Entry) apply.Check {
	const subject = "page limit"
	policy, err := k.readOne(ctx, "CN=Default Query Policy,CN=Query-Policies,CN=Directory Service,CN=Windows NT,CN=Services,"+
		dse.GetEqualFoldAttributeValue("configurationNamingContext"), []string{"lDAPAdminLimits"})
	if err != nil || policy == nil {
		return skipped(subject, "orgit may not see it; Windows' is 1000, and orgit asks for %d at a time", pageSize)
	}
	for _, limit := range policy.GetEqualFoldAttributeValues("lDAPAdminLimits") {
		name, value, _ := strings.Cut(limit, "=")
		n, err := strconv.Atoi(value)
		if !strings.EqualFold(name, "MaxPageSize") || err != nil {
			continue
		}
		if n < pageSize {
			return warning(subject, "reading takes more requests", "the directory sends at most %d objects at a time, less than the %d that orgit asks for", n, pageSize)
		}
		return good(subject, "%d; orgit asks for %d at a time", n, pageSize)
	}
	return skipped(subject, "the query policy does not say it")
}

// examineMark looks in the schema for an attribute in which orgit keeps something of its
// own, of at most length characters.
func (k *connection) examineMark(ctx context.Context, dse *ldap.Entry, subject, attribute string, length int) apply.Check {
	schema := dse.GetEqualFoldAttributeValue("schemaNamingContext")
	if schema == "" {
		return skipped(subject, "the directory does not show its schema; the trial tells whether %s will do", attribute)
	}
	found, err := k.search(ctx, ldap.NewSearchRequest(schema, ldap.ScopeSingleLevel, ldap.NeverDerefAliases, 0, 0, false,
		"(lDAPDisplayName="+ldap.EscapeFilter(attribute)+")", []string{"isSingleValued", "rangeUpper", "systemOnly", "searchFlags"}, nil))
	if err != nil {
		return skipped(subject, "orgit may not see the schema; the trial tells whether %s will do", attribute)
	}
	hint := "choose another attribute as " + k.config.Domain.setting() + ".anchor; adminDescription is in every Active Directory"
	if len(found) == 0 {
		return faultCheck(subject, hint, fmt.Errorf("%w: the directory has no attribute %s", ErrNotConfigured, attribute))
	}
	a := found[0]
	upper, err := strconv.Atoi(a.GetEqualFoldAttributeValue("rangeUpper"))
	switch {
	case strings.EqualFold(a.GetEqualFoldAttributeValue("systemOnly"), "TRUE"):
		return faultCheck(subject, hint, fmt.Errorf("%w: only the directory itself writes %s", ErrNotConfigured, attribute))
	case !strings.EqualFold(a.GetEqualFoldAttributeValue("isSingleValued"), "TRUE"):
		return faultCheck(subject, hint, fmt.Errorf("%w: %s holds several values, and orgit needs one that holds a single one", ErrNotConfigured, attribute))
	case err == nil && upper < length:
		return faultCheck(subject, hint, fmt.Errorf("%w: %s holds %d characters, and orgit needs %d", ErrNotConfigured, attribute, upper, length))
	}
	return good(subject, "%s holds a single value of %d characters or more", attribute, length)
}
