package adtest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// The OIDs that the rootDSE announces beside paging: what clients look for before they
// use it.
const (
	oidActiveDirectory = "1.2.840.113556.1.4.800"
	oidStartTLS        = "1.3.6.1.4.1.1466.20037"
)

// rootDSE describes the server; it needs no bind. Its functional levels are those of
// Windows Server 2016 (7).
func (d *directory) rootDSE(asked []string) found {
	all := []attributeValues{
		{"configurationNamingContext", []string{"CN=Configuration," + d.suffix}},
		{"currentTime", []string{generalizedTime(d.now())}},
		{"defaultNamingContext", []string{d.suffix}},
		{"dnsHostName", []string{"dc1." + d.domain()}},
		{"domainControllerFunctionality", []string{"7"}},
		{"domainFunctionality", []string{"7"}},
		{"dsServiceName", []string{d.serviceDN()}},
		{"forestFunctionality", []string{"7"}},
		{"highestCommittedUSN", []string{strconv.FormatInt(d.usn, 10)}},
		{"isSynchronized", []string{"TRUE"}},
		{"namingContexts", []string{d.suffix}},
		{"rootDomainNamingContext", []string{d.suffix}},
		{"schemaNamingContext", []string{"CN=Schema,CN=Configuration," + d.suffix}},
		{"supportedCapabilities", []string{oidActiveDirectory}},
		{"supportedControl", []string{ldap.ControlTypePaging, ldap.ControlTypeDirSync}},
		{"supportedExtension", []string{oidStartTLS}},
		{"supportedLDAPVersion", []string{"3"}},
	}
	return found{"", only(all, asked)}
}

// only leaves the attributes that are asked for.
func only(all []attributeValues, asked []string) []attributeValues {
	if len(asked) == 0 || slices.Contains(asked, "*") {
		return all
	}
	return slices.DeleteFunc(all, func(a attributeValues) bool { return !containsFold(asked, a.name) })
}

// domain is the domain's DNS name.
func (d *directory) domain() string {
	rdns, _ := splitDN(d.suffix) // it was parsed when the directory was made
	var labels []string
	for _, rdn := range rdns {
		labels = append(labels, rdn.Value)
	}
	return strings.Join(labels, ".")
}

// serviceDN names the object of this domain controller's directory service.
func (d *directory) serviceDN() string {
	return "CN=NTDS Settings,CN=DC1,CN=Servers,CN=Default-First-Site-Name,CN=Sites,CN=Configuration," + d.suffix
}

// configured gives the few objects of the configuration that clients read by their names:
// who this domain controller is, and what its query policy allows. They are no part of the tree.
func (d *directory) configured(base string, asked []string) (found, bool) {
	policy := "CN=Default Query Policy,CN=Query-Policies,CN=Directory Service,CN=Windows NT,CN=Services,CN=Configuration," + d.suffix
	switch {
	case sameDN(base, d.serviceDN()):
		return found{d.serviceDN(), only([]attributeValues{
			{"objectClass", []string{"top", "applicationSettings", "nTDSDSA"}},
			{"invocationId", []string{string(d.invocation[:])}},
		}, asked)}, true
	case sameDN(base, policy):
		return found{policy, only([]attributeValues{
			{"objectClass", []string{"top", "queryPolicy"}},
			{"lDAPAdminLimits", []string{"MaxPageSize=" + strconv.Itoa(windowsPageLimit), "MaxValRange=" + strconv.Itoa(windowsRangeLimit)}},
		}, asked)}, true
	}
	return found{}, false
}
