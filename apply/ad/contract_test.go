package ad_test

import (
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply/ad/adtest"
)

// TestContractCodes is the list of result codes that package ad decides by. Each
// request meets a sandbox that holds a unit, two users and a group.
func TestContractCodes(t *testing.T) {
	const ok = ldap.LDAPResultSuccess
	long := func(n int) string { return strings.Repeat("ø", n) }
	cases := []contractCase{
		// Adding.
		{"add unit", ok, func(s *sandbox) error { return s.addOU("OU=Ny," + s.ou) }},
		{"add same DN", 68, func(s *sandbox) error { return s.addOU("ou=UNIT," + s.ou) }},
		{"add same DN, other case of Danish letters", 68, func(s *sandbox) error {
			s.must(s.addOU("OU=æøå," + s.ou))
			return s.addOU("OU=ÆØÅ," + s.ou)
		}},
		{"add below a missing parent", 32, func(s *sandbox) error { return s.addOU("OU=x,OU=missing," + s.ou) }},
		{"add user without a password, disabled", ok, func(s *sandbox) error {
			return s.addUser("CN=c,"+s.ou, "sAMAccountName", s.id+"c", "userAccountControl", "514")
		}},
		{"add same sAMAccountName", 68, func(s *sandbox) error {
			return s.addUser("CN=c,"+s.ou, "sAMAccountName", strings.ToUpper(s.id)+"A")
		}},
		{"add same userPrincipalName", 19, func(s *sandbox) error {
			return s.addUser("CN=c,"+s.ou, "sAMAccountName", s.id+"c", "userPrincipalName", s.id+"A@korsbaek.example")
		}},
		{"add same mail", ok, func(s *sandbox) error {
			return s.addUser("CN=c,"+s.ou, "sAMAccountName", s.id+"c", "mail", "a@korsbaek.example")
		}},
		{"add same cn in another unit", ok, func(s *sandbox) error {
			return s.addUser("CN=a,OU=unit,"+s.ou, "sAMAccountName", s.id+"c")
		}},
		{"add unknown attribute", 16, func(s *sandbox) error { return s.addUser("CN=c,"+s.ou, "noSuchAttribute", "x") }},
		{"add attribute of another class", 65, func(s *sandbox) error {
			return s.add("OU=c,"+s.ou, "objectClass", "organizationalUnit", "givenName", "x")
		}},
		{"add without objectClass", 65, func(s *sandbox) error { return s.add("OU=c,"+s.ou, "description", "x") }},
		{"add unknown objectClass", 16, func(s *sandbox) error { return s.add("OU=c,"+s.ou, "objectClass", "noSuchClass") }},
		{"add two values of a single-valued attribute", 19, func(s *sandbox) error {
			return s.addUser("CN=c,"+s.ou, "title", "x", "title", "y")
		}},
		{"add attribute without values", 19, func(s *sandbox) error {
			request := ldap.NewAddRequest("CN=c,"+s.ou, nil)
			request.Attribute("objectClass", []string{"user"})
			request.Attribute("title", nil)
			return s.Add(request)
		}},
		{"add empty value", 21, func(s *sandbox) error { return s.addUser("CN=c,"+s.ou, "title", "") }},
		{"add too long value", 21, func(s *sandbox) error { return s.addUser("CN=c,"+s.ou, "title", long(129)) }},
		{"add longest value", ok, func(s *sandbox) error { return s.addUser("CN=c,"+s.ou, "title", long(128)) }},
		{"add user named by ou", 64, func(s *sandbox) error { return s.addUser("OU=c," + s.ou) }},
		{"add unit below a user", 64, func(s *sandbox) error { return s.addOU("OU=c,CN=a," + s.ou) }},
		{"add cn other than the RDN", 34, func(s *sandbox) error { return s.addUser("CN=c,"+s.ou, "cn", "d") }},
		{"add cn like the RDN", ok, func(s *sandbox) error { return s.addUser("CN=c,"+s.ou, "cn", "c") }},
		{"add name of two attributes", 34, func(s *sandbox) error { return s.addUser("CN=c+description=d," + s.ou) }},
		{"add unescaped equals sign", 34, func(s *sandbox) error { return s.addUser("CN=a=b," + s.ou) }},
		{"add escaped equals sign", ok, func(s *sandbox) error { return s.addUser(`CN=a\=b,`+s.ou, "sAMAccountName", s.id+"c") }},
		{"add manager that is missing", 19, func(s *sandbox) error { return s.addUser("CN=c,"+s.ou, "manager", "CN=nobody,"+s.ou) }},
		{"add user as its own manager", 32, func(s *sandbox) error { return s.addUser("CN=c,"+s.ou, "manager", "CN=c,"+s.ou) }},
		{"add enabled without a password", ok, func(s *sandbox) error {
			return s.addUser("CN=c,"+s.ou, "sAMAccountName", s.id+"c", "userAccountControl", "512")
		}},

		// Changing.
		{"replace with a value", ok, func(s *sandbox) error { return s.modify(s.a(), "replace", "title", "Lærer") }},
		{"replace with no value", ok, func(s *sandbox) error { return s.modify(s.a(), "replace", "mobile") }},
		{"replace with two values", 20, func(s *sandbox) error { return s.modify(s.a(), "replace", "title", "x", "y") }},
		{"replace with an empty value", 21, func(s *sandbox) error { return s.modify(s.a(), "replace", "title", "") }},
		{"replace with a too long value", 21, func(s *sandbox) error { return s.modify(s.a(), "replace", "department", long(65)) }},
		{"add to an occupied attribute", 20, func(s *sandbox) error { return s.modify(s.a(), "add", "mail", "b@korsbaek.example") }},
		{"delete the value", ok, func(s *sandbox) error { return s.modify(s.a(), "delete", "mail", "A@KORSBAEK.example") }},
		{"delete a value that is not there", 16, func(s *sandbox) error { return s.modify(s.a(), "delete", "mail", "b@korsbaek.example") }},
		{"delete a value of an unset attribute", 16, func(s *sandbox) error { return s.modify(s.a(), "delete", "mobile", "1") }},
		{"replace unknown attribute", 16, func(s *sandbox) error { return s.modify(s.a(), "replace", "noSuchAttribute", "x") }},
		{"replace attribute of another class", 65, func(s *sandbox) error { return s.modify("OU=unit,"+s.ou, "replace", "givenName", "x") }},
		{"replace cn", 67, func(s *sandbox) error { return s.modify(s.a(), "replace", "cn", "x") }},
		{"replace name", 67, func(s *sandbox) error { return s.modify(s.a(), "replace", "name", "x") }},
		{"replace objectGUID", 19, func(s *sandbox) error { return s.modify(s.a(), "replace", "objectGUID", strings.Repeat("x", 16)) }},
		{"replace distinguishedName", 19, func(s *sandbox) error { return s.modify(s.a(), "replace", "distinguishedName", "CN=x,"+s.ou) }},
		{"replace memberOf", 53, func(s *sandbox) error { return s.modify(s.a(), "replace", "memberOf", "CN=group,"+s.ou) }},
		{"replace directReports", 53, func(s *sandbox) error { return s.modify(s.a(), "replace", "directReports", "CN=b,"+s.ou) }},
		{"replace manager", ok, func(s *sandbox) error { return s.modify(s.a(), "replace", "manager", "cn=B,"+s.ou) }},
		{"replace manager by itself", ok, func(s *sandbox) error { return s.modify(s.a(), "replace", "manager", s.a()) }},
		{"replace manager by nobody", 19, func(s *sandbox) error { return s.modify(s.a(), "replace", "manager", "CN=nobody,"+s.ou) }},
		{"replace sAMAccountName by a taken one", 68, func(s *sandbox) error { return s.modify(s.a(), "replace", "sAMAccountName", s.id+"b") }},
		{"sAMAccountName that ends in a dot", 19, func(s *sandbox) error {
			return s.modify(s.a(), "replace", "sAMAccountName", s.id+".")
		}},
		{"replace userPrincipalName by a taken one", 19, func(s *sandbox) error {
			return s.modify("CN=b,"+s.ou, "replace", "userPrincipalName", s.id+"a@korsbaek.example")
		}},
		{"replace userPrincipalName by its own", ok, func(s *sandbox) error {
			return s.modify(s.a(), "replace", "userPrincipalName", s.id+"A@korsbaek.example")
		}},
		{"modify a missing object", 32, func(s *sandbox) error { return s.modify("CN=nobody,"+s.ou, "replace", "title", "x") }},
		{"compare and set", ok, func(s *sandbox) error { return s.compareAndSet("mail", "a@korsbaek.example", "n@korsbaek.example") }},
		{"compare and set to another case", ok, func(s *sandbox) error { return s.compareAndSet("mail", "a@korsbaek.example", "A@Korsbaek.example") }},
		{"compare and set, stale", 16, func(s *sandbox) error { return s.compareAndSet("mail", "x@korsbaek.example", "n@korsbaek.example") }},
		{"compare and set on unset, occupied", 20, func(s *sandbox) error { return s.compareAndSet("mail", "", "n@korsbaek.example") }},
		{"compare and set on unset", ok, func(s *sandbox) error { return s.compareAndSet("mobile", "", "+4512345678") }},
		{"compare and set userAccountControl", ok, func(s *sandbox) error { return s.compareAndSet("userAccountControl", "514", "512") }},
		{"compare and set manager, stale", 16, func(s *sandbox) error { return s.compareAndSet("manager", "CN=b,"+s.ou, s.a()) }},
		{"userAccountControl that is no number", 21, func(s *sandbox) error { return s.modify(s.a(), "replace", "userAccountControl", "x") }},
		{"accountExpires", ok, func(s *sandbox) error { return s.modify(s.a(), "replace", "accountExpires", "134000000000000000") }},
		{"add member", ok, func(s *sandbox) error { return s.modify("CN=group,"+s.ou, "add", "member", "CN=b,"+s.ou) }},
		{"add member that is there", 68, func(s *sandbox) error { return s.modify("CN=group,"+s.ou, "add", "member", s.a()) }},
		{"add member that is missing", 32, func(s *sandbox) error { return s.modify("CN=group,"+s.ou, "add", "member", "CN=nobody,"+s.ou) }},
		{"delete member that is not there", 53, func(s *sandbox) error { return s.modify("CN=group,"+s.ou, "delete", "member", "CN=b,"+s.ou) }},

		// What Windows is stricter about.
		{"add a too long cn", ok, func(s *sandbox) error {
			return s.addUser("CN="+long(65)+","+s.ou, "sAMAccountName", s.id+"c")
		}},
		{"add a longest cn", ok, func(s *sandbox) error {
			return s.addUser("CN="+long(64)+","+s.ou, "sAMAccountName", s.id+"c")
		}},
		{"add a too long ou", ok, func(s *sandbox) error { return s.addOU("OU=" + long(65) + "," + s.ou) }},
		{"rename to a too long cn", ok, func(s *sandbox) error { return s.move(s.a(), "CN="+long(65), "") }},
		{"add a too long user name", ok, func(s *sandbox) error {
			return s.addUser("CN=c,"+s.ou, "sAMAccountName", s.padded(21))
		}},
		{"add a longest user name", ok, func(s *sandbox) error {
			return s.addUser("CN=c,"+s.ou, "sAMAccountName", s.padded(20))
		}},
		{"replace by a too long user name", ok, func(s *sandbox) error {
			return s.modify(s.a(), "replace", "sAMAccountName", s.padded(21))
		}},
		{"add a cn that differs in a diacritic", ok, func(s *sandbox) error {
			s.user("Søren Åse")
			return s.addUser("CN=Soren Ase,"+s.ou, "sAMAccountName", s.id+"c")
		}},
		{"add a cn that is composed otherwise", ok, func(s *sandbox) error {
			s.must(s.addUser("CN=Andr\u00e9,"+s.ou, "sAMAccountName", s.id+"c"))
			return s.addUser("CN=Andre\u0301,"+s.ou, "sAMAccountName", s.id+"d")
		}},
		{"rename to a cn that differs in a diacritic", ok, func(s *sandbox) error {
			s.user("Søren")
			return s.move(s.a(), "CN=Soren", "")
		}},
		{"add a cn that differs in a diacritic, in another unit", ok, func(s *sandbox) error {
			s.user("Søren")
			return s.addUser("CN=Soren,OU=unit,"+s.ou, "sAMAccountName", s.id+"c")
		}},
		{"add a user name that differs in a diacritic", ok, func(s *sandbox) error {
			s.user("Søren")
			return s.addUser("CN=c,"+s.ou, "sAMAccountName", s.id+"Soren")
		}},
		{"add a principal name that differs in a diacritic", ok, func(s *sandbox) error {
			s.user("c", "userPrincipalName", s.id+"é@korsbaek.example")
			return s.addUser("CN=d,"+s.ou, "sAMAccountName", s.id+"d", "userPrincipalName", s.id+"e@korsbaek.example")
		}},
		{"rename to a name that differs from its own in a diacritic", ok, func(s *sandbox) error {
			return s.move(s.user("Søren"), "CN=Soren", "")
		}},
		{"delete an unset attribute", 16, func(s *sandbox) error { return s.modify(s.a(), "delete", "mobile") }},
		{"delete an unset manager", 16, func(s *sandbox) error { return s.modify(s.a(), "delete", "manager") }},
		{"add two descriptions", ok, func(s *sandbox) error {
			return s.addUser("CN=c,"+s.ou, "sAMAccountName", s.id+"c", "description", "x", "description", "y")
		}},
		{"replace with two descriptions", 20, func(s *sandbox) error { return s.modify(s.a(), "replace", "description", "x", "y") }},
		{"add a second description", 20, func(s *sandbox) error {
			s.must(s.modify(s.a(), "add", "description", "x"))
			return s.modify(s.a(), "add", "description", "y")
		}},
		{"two descriptions of a unit", ok, func(s *sandbox) error {
			return s.modify("OU=unit,"+s.ou, "replace", "description", "x", "y")
		}},

		// Passwords.
		{"password", ok, func(s *sandbox) error { return s.password("Kb7-secret-word") }},
		{"password without quotes", 53, func(s *sandbox) error {
			return s.modify(s.a(), "replace", "unicodePwd", utf16LE("Kb7-secret-word"))
		}},
		{"password that is no UTF-16", 53, func(s *sandbox) error {
			return s.modify(s.a(), "replace", "unicodePwd", `"Kb7-secret-word"`)
		}},
		{"password that is too short", 19, func(s *sandbox) error { return s.password("Kb7-x") }},
		{"password that is too simple", 19, func(s *sandbox) error { return s.password("kbsecretword") }},
		{"add with a password", ok, func(s *sandbox) error {
			return s.addUser("CN=c,"+s.ou, "sAMAccountName", s.id+"c", "userAccountControl", "512", "unicodePwd", utf16LE(`"Kb7-secret-word"`))
		}},
		{"enable with a password in one request", ok, func(s *sandbox) error {
			request := ldap.NewModifyRequest(s.a(), nil)
			request.Replace("unicodePwd", []string{utf16LE(`"Kb7-secret-word"`)})
			request.Delete("userAccountControl", []string{"514"})
			request.Add("userAccountControl", []string{"512"})
			return s.Modify(request)
		}},
		{"enable after a password", ok, func(s *sandbox) error {
			s.must(s.password("Kb7-secret-word"))
			return s.modify(s.a(), "replace", "userAccountControl", "512")
		}},
		{"password must be changed", ok, func(s *sandbox) error { return s.modify(s.a(), "replace", "pwdLastSet", "0") }},
		{"password counts as changed", ok, func(s *sandbox) error { return s.modify(s.a(), "replace", "pwdLastSet", "-1") }},
		{"password was changed at a time of the client's", 80, func(s *sandbox) error {
			return s.modify(s.a(), "replace", "pwdLastSet", "134000000000000000")
		}},

		// Moving and renaming.
		{"rename", ok, func(s *sandbox) error { return s.move(s.a(), "CN=Åse", "") }},
		{"rename to another case", ok, func(s *sandbox) error { return s.move(s.a(), "CN=A", "") }},
		{"rename to its own name", ok, func(s *sandbox) error { return s.move(s.a(), "CN=a", "") }},
		{"move", ok, func(s *sandbox) error { return s.move(s.a(), "CN=a", "OU=unit,"+s.ou) }},
		{"move and rename", ok, func(s *sandbox) error { return s.move(s.a(), "CN=aa", "OU=unit,"+s.ou) }},
		{"rename to a taken name", 68, func(s *sandbox) error { return s.move(s.a(), "CN=B", "") }},
		{"move to a missing parent", 80, func(s *sandbox) error { return s.move(s.a(), "CN=a", "OU=missing,"+s.ou) }},
		{"move a missing object", 32, func(s *sandbox) error { return s.move("CN=nobody,"+s.ou, "CN=nobody", "OU=unit,"+s.ou) }},
		{"move a unit below itself", 53, func(s *sandbox) error {
			s.must(s.addOU("OU=sub,OU=unit," + s.ou))
			return s.move("OU=unit,"+s.ou, "OU=unit", "OU=sub,OU=unit,"+s.ou)
		}},
		{"move to a GUID", 80, func(s *sandbox) error { return s.move(s.a(), "CN=a", s.guid("OU=unit,"+s.ou)) }},
		{"rename and keep the old RDN", 53, func(s *sandbox) error {
			return s.ModifyDN(ldap.NewModifyDNRequest(s.a(), "CN=x", false, ""))
		}},
		{"rename to a malformed name", 80, func(s *sandbox) error { return s.move(s.a(), "CN=a=b", "") }},

		// Deleting.
		{"delete user", ok, func(s *sandbox) error { return s.Del(ldap.NewDelRequest(s.a(), nil)) }},
		{"delete by GUID", ok, func(s *sandbox) error { return s.Del(ldap.NewDelRequest(s.guid(s.a()), nil)) }},
		{"delete what is not there", 32, func(s *sandbox) error { return s.Del(ldap.NewDelRequest("CN=nobody,"+s.ou, nil)) }},
		{"delete a unit that holds something", 66, func(s *sandbox) error { return s.Del(ldap.NewDelRequest(s.ou, nil)) }},
		{"delete a manager", ok, func(s *sandbox) error {
			s.must(s.modify(s.a(), "replace", "manager", "CN=b,"+s.ou))
			return s.Del(ldap.NewDelRequest("CN=b,"+s.ou, nil))
		}},

		// Reading.
		{"search below a missing base", 32, func(s *sandbox) error {
			_, err := s.Search(search("OU=missing,"+s.ou, ldap.ScopeWholeSubtree, "(objectClass=*)"))
			return err
		}},
		{"search for an unknown attribute", ok, func(s *sandbox) error {
			_, err := s.Search(search(s.ou, ldap.ScopeWholeSubtree, "(noSuchAttribute=x)"))
			return err
		}},
	}
	for _, bad := range "\"/\\[]:;|=,+*?<>" {
		cases = append(cases, contractCase{fmt.Sprintf("sAMAccountName with %c", bad), 19, func(s *sandbox) error {
			return s.modify(s.a(), "replace", "sAMAccountName", s.id+string(bad)+"x")
		}})
	}
	eachContract(t, func(t *testing.T, d directory) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				s := newSandbox(t, d)
				s.furnish()
				if got := code(c.do(s)); got != c.on(d) {
					t.Errorf("result code %d, want %d", got, c.on(d))
				}
			})
		}
	})
}

// contractCase is a request and the code that it is answered with.
type contractCase struct {
	name string
	code uint16
	do   func(s *sandbox) error
}

// on is the code that a directory gives.
func (c contractCase) on(d directory) uint16 {
	if code, stricter := windowsCodes()[c.name]; stricter && d.rules == adtest.Windows {
		return code
	}
	return c.code
}

// windowsCodes are the answers of Windows where they are not Samba's, as Microsoft documents
// them.
func windowsCodes() map[string]uint16 {
	return map[string]uint16{
		"add too long value":                               19,
		"replace with a too long value":                    19,
		"add a too long cn":                                19,
		"add a too long ou":                                19,
		"rename to a too long cn":                          19,
		"add a too long user name":                         80,
		"replace by a too long user name":                  80,
		"add enabled without a password":                   53,
		"compare and set userAccountControl":               53,
		"add a cn that differs in a diacritic":             68,
		"add a cn that is composed otherwise":              68,
		"rename to a cn that differs in a diacritic":       68,
		"add a user name that differs in a diacritic":      68,
		"add a principal name that differs in a diacritic": 19,
		"add two descriptions":                             20,
		"password that is too short":                       53,
		"password that is too simple":                      53,
	}
}

// furnish puts a unit, users a and b, and a group with a in it into the sandbox.
func (s *sandbox) furnish() {
	s.t.Helper()
	s.must(s.addOU("OU=unit," + s.ou))
	a := s.user("a", "userAccountControl", "514", "mail", "a@korsbaek.example", "userPrincipalName", s.id+"a@korsbaek.example")
	s.user("b", "userAccountControl", "514")
	s.must(s.add("CN=group,"+s.ou, "objectClass", "group", "sAMAccountName", s.id+"g", "member", a))
}

// padded is a user name of n characters that nobody else has.
func (s *sandbox) padded(n int) string { return s.id + strings.Repeat("x", n-len(s.id)) }

// password sets the password of a.
func (s *sandbox) password(password string) error {
	return s.modify(s.a(), "replace", "unicodePwd", utf16LE(`"`+password+`"`))
}

// utf16LE encodes a text as the directory takes passwords.
func utf16LE(text string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(text)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return string(b)
}

// a is the DN of the furnished user a.
func (s *sandbox) a() string { return "CN=a," + s.ou }

// guid names an object by its objectGUID.
func (s *sandbox) guid(dn string) string {
	s.t.Helper()
	id := s.read(dn, "objectGUID").GetRawAttributeValue("objectGUID")
	if len(id) != 16 {
		s.t.Fatalf("objectGUID of %s has %d bytes", dn, len(id))
	}
	return fmt.Sprintf("<GUID=%x>", id)
}

// compareAndSet changes an attribute of a from old to new, in the way that package
// ad writes: an empty old means that it must be unset.
func (s *sandbox) compareAndSet(attribute, old, new string) error {
	request := ldap.NewModifyRequest(s.a(), nil)
	if old != "" {
		request.Delete(attribute, []string{old})
	}
	request.Add(attribute, []string{new})
	return s.Modify(request)
}

// code is the result code of an error of the directory, or 0.
func code(err error) uint16 {
	if err == nil {
		return ldap.LDAPResultSuccess
	}
	if e, ok := err.(*ldap.Error); ok {
		return e.ResultCode
	}
	return ldap.ErrorUnexpectedResponse
}

func TestContractBind(t *testing.T) {
	eachContract(t, func(t *testing.T, d directory) {
		search := search(d.base, ldap.ScopeBaseObject, "(objectClass=*)")
		steps := []struct {
			name string
			do   func(c *ldap.Conn) error
			code uint16
		}{
			{"wrong password", func(c *ldap.Conn) error { return c.Bind(d.bindDN, "wrong") }, 49},
			{"unknown user", func(c *ldap.Conn) error { return c.Bind("CN=nobody,"+d.base, "wrong") }, 49},
			{"no bind", func(c *ldap.Conn) error { _, err := c.Search(search); return err }, 1},
			{"anonymous bind", func(c *ldap.Conn) error {
				if err := c.UnauthenticatedBind(""); err != nil {
					return err
				}
				return c.Del(ldap.NewDelRequest("CN=nobody,"+d.base, nil))
			}, 1},
			{"right password", func(c *ldap.Conn) error { return c.Bind(d.bindDN, d.password) }, 0},
		}
		for _, step := range steps {
			t.Run(step.name, func(t *testing.T) {
				if got := code(step.do(d.dial(t))); got != step.code {
					t.Errorf("result code %d, want %d", got, step.code)
				}
			})
		}
	})
}

func TestContractCertificate(t *testing.T) {
	eachContract(t, func(t *testing.T, d directory) {
		_, err := ldap.DialURL(d.url, ldap.DialWithTLSConfig(&tls.Config{}))
		if err == nil || !strings.Contains(err.Error(), "certificate") {
			t.Errorf("dial without the CA: %v, want a refused certificate", err)
		}
		d.dial(t) // and with it, it is believed
	})
}

// TestContractRootDSE is what a client learns of a server before it has logged in.
func TestContractRootDSE(t *testing.T) {
	eachContract(t, func(t *testing.T, d directory) {
		found, err := d.dial(t).Search(search("", ldap.ScopeBaseObject, "(objectClass=*)", "*", "defaultNamingContext", "supportedControl",
			"supportedCapabilities", "dnsHostName", "currentTime", "highestCommittedUSN", "domainFunctionality", "dsServiceName"))
		if err != nil {
			t.Fatal(err)
		}
		root := found.Entries[0]
		if got := root.GetAttributeValue("defaultNamingContext"); !strings.EqualFold(got, d.base) {
			t.Errorf("defaultNamingContext %q, want %q", got, d.base)
		}
		for attribute, want := range map[string]string{
			"supportedControl":      ldap.ControlTypePaging,
			"supportedCapabilities": "1.2.840.113556.1.4.800", // "this is an Active Directory"
		} {
			if !slices.Contains(root.GetAttributeValues(attribute), want) {
				t.Errorf("%s lacks %s", attribute, want)
			}
		}
		if got := root.GetAttributeValue("dnsHostName"); !strings.Contains(got, ".") {
			t.Errorf("dnsHostName %q", got)
		}
		if _, err := time.Parse("20060102150405.0Z", root.GetAttributeValue("currentTime")); err != nil {
			t.Errorf("currentTime: %v", err)
		}
		for _, number := range []string{"highestCommittedUSN", "domainFunctionality"} {
			if _, err := strconv.ParseInt(root.GetAttributeValue(number), 10, 64); err != nil {
				t.Errorf("%s: %v", number, err)
			}
		}
		service, err := d.connect(t).Search(search(root.GetAttributeValue("dsServiceName"), ldap.ScopeBaseObject, "(objectClass=*)", "invocationId"))
		if err != nil {
			t.Fatal(err)
		}
		if got := service.Entries[0].GetRawAttributeValue("invocationId"); len(got) != 16 {
			t.Errorf("invocationId has %d bytes", len(got))
		}
	})
}

// TestContractHighestUSN: the mark of the server is the last change's.
func TestContractHighestUSN(t *testing.T) {
	eachContract(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		s.furnish()
		highest := func() int64 {
			return number(t, s.read("", "highestCommittedUSN").GetAttributeValue("highestCommittedUSN"))
		}
		before := highest()
		s.must(s.modify(s.a(), "replace", "title", "Leder"))
		changed := number(t, s.read(s.a(), "uSNChanged").GetAttributeValue("uSNChanged"))
		if after := highest(); changed <= before || after < changed {
			t.Errorf("highestCommittedUSN %d, then uSNChanged %d, then highestCommittedUSN %d", before, changed, after)
		}
		filter := fmt.Sprintf("(&(objectClass=user)(uSNChanged>=%d))", before+1)
		if diff := cmp.Diff([]string{"a"}, s.names(ldap.ScopeWholeSubtree, filter)); diff != "" {
			t.Errorf("changed since (-want +got):\n%s", diff)
		}
	})
}

func number(t *testing.T, text string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestContractStartTLS: a connection in the clear becomes secret, and nobody can log in before.
func TestContractStartTLS(t *testing.T) {
	eachContract(t, func(t *testing.T, d directory) {
		conn, err := ldap.DialURL(d.plainURL())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() }) // the test may have closed it
		if got := code(conn.Bind(d.bindDN, d.password)); got != ldap.LDAPResultStrongAuthRequired {
			t.Errorf("bind in the clear: result code %d, want 8", got)
		}
		if err := conn.StartTLS(&tls.Config{RootCAs: d.authorities(t), ServerName: "localhost"}); err != nil {
			t.Fatal(err)
		}
		if err := conn.Bind(d.bindDN, d.password); err != nil {
			t.Errorf("bind after StartTLS: %v", err)
		}
	})
}

// TestContractUnpaged: without paging Windows gives 1,000 objects and says that there are more.
func TestContractUnpaged(t *testing.T) {
	eachContract(t, func(t *testing.T, d directory) {
		base := "CN=Schema,CN=Configuration," + d.base
		if d.server != nil {
			base = "OU=many," + d.base
			for i := range 1102 {
				dn := base
				if i > 0 {
					dn = fmt.Sprintf("OU=u%d,%s", i, base)
				}
				if err := d.server.Put(dn, map[string][]string{"objectClass": {"organizationalUnit"}}); err != nil {
					t.Fatal(err)
				}
			}
		}
		conn := d.connect(t)
		request := search(base, ldap.ScopeSingleLevel, "(objectClass=*)", "1.1")
		found, err := conn.Search(request)
		if d.rules == adtest.Windows {
			if code(err) != ldap.LDAPResultSizeLimitExceeded || len(found.Entries) != 1000 {
				t.Errorf("%d entries, result code %d", len(found.Entries), code(err))
			}
		} else if err != nil || len(found.Entries) < 1101 {
			t.Errorf("%d entries: %v", len(found.Entries), err)
		}
		if all, err := conn.SearchWithPaging(request, 1100); err != nil || len(all.Entries) < 1101 {
			t.Errorf("paged: %v", err)
		}
	})
}

// TestContractRanges: many values come in parts when they are asked for in parts, and on
// Windows also when they are not.
func TestContractRanges(t *testing.T) {
	eachContract(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		s.must(s.addOU("OU=many," + s.ou))
		var values []string
		for i := range 1600 {
			values = append(values, fmt.Sprintf("https://korsbaek.example/%04d", i))
		}
		s.must(s.modify("OU=many,"+s.ou, "add", "url", values...))
		for _, c := range []struct {
			ask, samba, windows string
			few, many           int
		}{
			{"url", "url", "url;range=0-1499", 1500, 1600},
			{"url;range=0-*", "url;range=0-*", "url;range=0-1499", 1500, 1600},
			{"url;range=10-19", "url;range=10-19", "url;range=10-19", 10, 10},
			{"url;range=1500-*", "url;range=1500-*", "url;range=1500-*", 100, 100},
			{"url;range=0-1599", "url;range=0-*", "url;range=0-1499", 1500, 1600},
		} {
			name, count := c.samba, c.many
			if d.rules == adtest.Windows {
				name, count = c.windows, c.few
			}
			e := s.read("OU=many,"+s.ou, c.ask)
			if len(e.Attributes) != 1 || e.Attributes[0].Name != name || len(e.Attributes[0].Values) != count {
				for _, a := range e.Attributes {
					t.Errorf("%s: got %s with %d values, want %s with %d", c.ask, a.Name, len(a.Values), name, count)
				}
			}
		}
	})
}

// TestContractPwdLastSet: a password that is set counts as set now, unless it is to be changed.
func TestContractPwdLastSet(t *testing.T) {
	eachContract(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		s.furnish()
		changed := func() bool {
			return s.read(s.a(), "pwdLastSet").GetAttributeValue("pwdLastSet") != "0"
		}
		both := func(pwdLastSet string) error {
			request := ldap.NewModifyRequest(s.a(), nil)
			request.Replace("unicodePwd", []string{utf16LE(`"Kb7-other-word"`)})
			request.Replace("pwdLastSet", []string{pwdLastSet})
			return s.Modify(request)
		}
		for _, step := range []struct {
			name string
			do   func() error
			want bool
		}{
			{"none", func() error { return nil }, false},
			{"set", func() error { return s.password("Kb7-secret-word") }, true},
			{"to be changed", func() error { return s.modify(s.a(), "replace", "pwdLastSet", "0") }, false},
			{"counts as changed", func() error { return s.modify(s.a(), "replace", "pwdLastSet", "-1") }, true},
			{"set, to be changed", func() error { return both("0") }, false},
			{"set again, to be changed", func() error { return both("0") }, false},
		} {
			s.must(step.do())
			if got := changed(); got != step.want {
				t.Errorf("%s: the password counts as changed: %v", step.name, got)
			}
			if values := s.read(s.a(), "unicodePwd").Attributes; len(values) > 0 {
				t.Errorf("%s: the password can be read", step.name)
			}
		}
	})
}

// TestContractDefaults is what a directory itself gives an object.
func TestContractDefaults(t *testing.T) {
	eachContract(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		s.furnish()
		s.must(s.addUser("CN=bare," + s.ou))
		type facts struct {
			Classes                        []string
			CN, Name, UAC, Expires, Object string
			GUID                           int
			HasUser, HasCreated, HasUSN    bool
		}
		e := s.read("cn=BARE,"+strings.ToLower(s.ou), "*")
		got := facts{
			Classes: e.GetAttributeValues("objectClass"), CN: e.GetAttributeValue("cn"), Name: e.GetAttributeValue("name"),
			UAC: e.GetAttributeValue("userAccountControl"), Expires: e.GetAttributeValue("accountExpires"),
			Object: e.GetAttributeValue("objectCategory"), GUID: len(e.GetRawAttributeValue("objectGUID")),
			HasUser:    strings.HasPrefix(e.GetAttributeValue("sAMAccountName"), "$"),
			HasCreated: strings.HasSuffix(e.GetAttributeValue("whenCreated"), ".0Z"),
			HasUSN:     e.GetAttributeValue("uSNChanged") != "" && e.GetAttributeValue("uSNCreated") != "",
		}
		want := facts{
			Classes: []string{"top", "person", "organizationalPerson", "user"}, CN: "bare", Name: "bare",
			UAC: "546", Expires: "9223372036854775807", Object: "CN=Person,CN=Schema,CN=Configuration," + d.base,
			GUID: 16, HasUser: true, HasCreated: true, HasUSN: true,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("user without attributes (-want +got):\n%s", diff)
		}
		if dn, err := ldap.ParseDN(e.DN); err != nil || !dn.EqualFold(mustDN(t, "CN=bare,"+s.ou)) {
			t.Errorf("DN %q (%v)", e.DN, err)
		}
	})
}

func mustDN(t testing.TB, s string) *ldap.DN {
	t.Helper()
	dn, err := ldap.ParseDN(s)
	if err != nil {
		t.Fatal(err)
	}
	return dn
}

func TestContractFilters(t *testing.T) {
	eachContract(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		s.furnish()
		s.must(s.modify(s.a(), "replace", "title", "Lærer (vikar)"))
		s.must(s.modify("CN=b,"+s.ou, "replace", "adminDescription", "orgit:1"))
		s.must(s.modify("CN=b,"+s.ou, "replace", "manager", s.a()))
		s.must(s.modify("CN=b,"+s.ou, "replace", "accountExpires", "134000000000000000"))
		s.must(s.addUser("CN=deep,OU=unit,"+s.ou, "sAMAccountName", s.id+"deep"))
		guid := s.read(s.a(), "objectGUID").GetRawAttributeValue("objectGUID")
		var escaped strings.Builder
		for _, b := range guid {
			fmt.Fprintf(&escaped, `\%02x`, b)
		}
		const sub, one, base = ldap.ScopeWholeSubtree, ldap.ScopeSingleLevel, ldap.ScopeBaseObject
		for _, c := range []struct {
			filter string
			scope  int
			want   []string
		}{
			{"(objectClass=*)", base, []string{s.id}},
			{"(objectClass=*)", one, []string{"a", "b", "group", "unit"}},
			{"(objectClass=*)", sub, []string{"a", "b", "deep", "group", s.id, "unit"}},
			{"(objectClass=user)", sub, []string{"a", "b", "deep"}},
			{"(objectClass=organizationalPerson)", one, []string{"a", "b"}},
			{"(objectCategory=person)", sub, []string{"a", "b", "deep"}},
			{"(|(objectClass=organizationalUnit)(objectClass=group))", sub, []string{"group", s.id, "unit"}},
			{"(&(objectClass=user)(adminDescription=orgit:*))", sub, []string{"b"}},
			{"(&(objectClass=user)(!(adminDescription=*)))", sub, []string{"a", "deep"}},
			{"(&(objectClass=user)(!(adminDescription=ORGIT:1)))", sub, []string{"a", "deep"}},
			{"(title=" + ldap.EscapeFilter("LÆRER (vikar)") + ")", sub, []string{"a"}},
			{"(title=l*r*" + ldap.EscapeFilter("r)") + ")", sub, []string{"a"}},
			{"(title=l*z*)", sub, []string{}},
			{"(manager=cn=A," + s.ou + ")", sub, []string{"b"}},
			{"(directReports=CN=b," + s.ou + ")", sub, []string{"a"}},
			{"(memberOf=CN=group," + s.ou + ")", sub, []string{"a"}},
			{"(userAccountControl:1.2.840.113556.1.4.803:=2)", sub, []string{"a", "b", "deep"}},
			{"(userAccountControl:1.2.840.113556.1.4.803:=34)", sub, []string{"deep"}},
			{"(accountExpires<=134000000000000000)", sub, []string{"b"}},
			{"(&(objectClass=user)(accountExpires>=134000000000000001))", sub, []string{"a", "deep"}},
			{"(objectGUID=" + escaped.String() + ")", sub, []string{"a"}},
			{"(noSuchAttribute=x)", sub, []string{}},
			{"(&(objectClass=user)(noSuchAttribute=*))", sub, []string{}},
		} {
			slices.Sort(c.want)
			if diff := cmp.Diff(c.want, s.names(c.scope, c.filter)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.filter, diff)
			}
		}
	})
}

func TestContractPaging(t *testing.T) {
	eachContract(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		want := []string{}
		for i := range 23 {
			name := fmt.Sprintf("unit-%02d", i)
			s.must(s.addOU("OU=" + name + "," + s.ou))
			want = append(want, name)
		}
		request := search(s.ou, ldap.ScopeSingleLevel, "(objectClass=*)", "ou")
		pages, got := 0, []string{}
		paging := ldap.NewControlPaging(5)
		request.Controls = []ldap.Control{paging}
		for {
			result, err := s.Search(request)
			s.must(err)
			pages++
			if len(result.Entries) > 5 {
				t.Fatalf("a page of %d", len(result.Entries))
			}
			for _, e := range result.Entries {
				got = append(got, e.GetAttributeValue("ou"))
			}
			answer, ok := ldap.FindControl(result.Controls, ldap.ControlTypePaging).(*ldap.ControlPaging)
			if !ok {
				t.Fatal("no paging control in the answer")
			}
			if len(answer.Cookie) == 0 {
				break
			}
			paging.SetCookie(answer.Cookie)
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("names over all pages (-want +got):\n%s", diff)
		}
		if pages != 5 {
			t.Errorf("%d pages of 5 for 23 units", pages)
		}
	})
}

// TestContractPagingCookieOfAnother: a cookie belongs to its connection.
func TestContractPagingCookieOfAnother(t *testing.T) {
	eachContract(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		s.furnish()
		request := search(s.ou, ldap.ScopeSingleLevel, "(objectClass=*)", "ou")
		paging := ldap.NewControlPaging(1)
		request.Controls = []ldap.Control{paging}
		result, err := s.Search(request)
		s.must(err)
		paging.SetCookie(ldap.FindControl(result.Controls, ldap.ControlTypePaging).(*ldap.ControlPaging).Cookie)
		if _, err := d.connect(t).Search(request); code(err) != 53 {
			t.Errorf("result code %d, want 53", code(err))
		}
	})
}

// TestContractNames: what EscapeDN and \= make of a name comes back as the name.
func TestContractNames(t *testing.T) {
	names := []string{
		"Søren Ærø Åkjær", "Jensen, Anna", "a+b", `a"b`, `a\b`, "a<b>c", "a;b", "#hash", " both ", "a=b", "a/b", "a*b(c)",
		"O'Neill", "André", "x\ty", strings.Repeat("ø", 64),
	}
	eachContract(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		for i, name := range names {
			rdn := "CN=" + strings.ReplaceAll(ldap.EscapeDN(name), "=", `\=`)
			if err := s.addUser(rdn+","+s.ou, "sAMAccountName", fmt.Sprintf("%s.%d", s.id, i)); err != nil {
				t.Errorf("add %q: %v", name, err)
				continue
			}
			e := s.read(rdn+","+s.ou, "cn")
			if got := e.GetAttributeValue("cn"); got != name {
				t.Errorf("cn %q, want %q", got, name)
			}
			if got := mustDN(t, e.DN).RDNs[0].Attributes[0].Value; got != name {
				t.Errorf("DN %q names %q, want %q", e.DN, got, name)
			}
		}
		if got := s.names(ldap.ScopeSingleLevel, "(objectClass=user)"); len(got) != len(names) {
			t.Errorf("%d users, want %d", len(got), len(names))
		}
	})
}

// TestContractLinks: a link follows what it points at, and its other side is kept.
func TestContractLinks(t *testing.T) {
	eachContract(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		s.furnish()
		s.must(s.modify(s.a(), "add", "manager", s.guid("CN=b,"+s.ou)))
		s.must(s.move("CN=b,"+s.ou, "CN=Birthe", "OU=unit,"+s.ou))
		s.must(s.move("OU=unit,"+s.ou, "OU=renamed", ""))
		boss := "CN=Birthe,OU=renamed," + s.ou
		if got := s.read(s.a(), "manager").GetAttributeValue("manager"); !mustDN(t, got).EqualFold(mustDN(t, boss)) {
			t.Errorf("manager %q, want %q", got, boss)
		}
		if got := s.read(boss, "directReports").GetAttributeValue("directReports"); !mustDN(t, got).EqualFold(mustDN(t, s.a())) {
			t.Errorf("directReports %q, want %q", got, s.a())
		}
		s.must(s.Del(ldap.NewDelRequest(boss, nil)))
		if got := s.read(s.a(), "manager").GetAttributeValue("manager"); got != "" {
			t.Errorf("manager %q after the deletion, want none", got)
		}
	})
}

// TestContractIdentity: objectGUID survives moves, and names an object.
func TestContractIdentity(t *testing.T) {
	eachContract(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		s.furnish()
		guid := s.guid(s.a())
		s.must(s.move(s.a(), "CN=moved", "OU=unit,"+s.ou))
		s.must(s.modify(guid, "replace", "title", "Leder"))
		moved := "CN=moved,OU=unit," + s.ou
		if got := s.read(guid, "title"); got.GetAttributeValue("title") != "Leder" || !mustDN(t, got.DN).EqualFold(mustDN(t, moved)) {
			t.Errorf("%s is %q with title %q", guid, got.DN, got.GetAttributeValue("title"))
		}
		s.must(s.Del(ldap.NewDelRequest(moved, nil)))
		if _, err := s.Search(search(guid, ldap.ScopeBaseObject, "(objectClass=*)")); code(err) != 32 {
			t.Errorf("read of the deleted object: result code %d, want 32", code(err))
		}
	})
}

// TestContractAtomic: a request with one bad part changes nothing.
func TestContractAtomic(t *testing.T) {
	eachContract(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		s.furnish()
		request := ldap.NewModifyRequest(s.a(), nil)
		request.Replace("title", []string{"Leder"})
		request.Delete("mail", []string{"stale@korsbaek.example"})
		request.Add("mail", []string{"new@korsbaek.example"})
		if got := code(s.Modify(request)); got != 16 {
			t.Errorf("result code %d, want 16", got)
		}
		e := s.read(s.a(), "title", "mail")
		if e.GetAttributeValue("title") != "" || e.GetAttributeValue("mail") != "a@korsbaek.example" {
			t.Errorf("title %q and mail %q after a refused request", e.GetAttributeValue("title"), e.GetAttributeValue("mail"))
		}
	})
}

// TestContractUSN: uSNChanged moves with a change and stays with a change of nothing.
func TestContractUSN(t *testing.T) {
	eachContract(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		s.furnish()
		usn := func() string { return s.read(s.a(), "uSNChanged").GetAttributeValue("uSNChanged") }
		first := usn()
		s.must(s.modify(s.a(), "replace", "mail", "a@korsbaek.example"))
		if got := usn(); got != first {
			t.Errorf("uSNChanged %s after a change of nothing, was %s", got, first)
		}
		s.must(s.modify(s.a(), "replace", "mail", "A@korsbaek.example"))
		if got := usn(); got == first {
			t.Errorf("uSNChanged is still %s after a change of case", got)
		}
	})
}
