package ad

import (
	"fmt"
	"strings"
	"sync"

	"orgit.dk/orgit/plan"
)

// attribute is an attribute of an account that orgit may write as it is stated.
type attribute struct {
	name string
	max  int       // greatest length in characters; 0: the schema has none
	form form      // what a value looks like
	rule plan.Rule // the one that holds where the settings name none
	set  bool      // it holds several values, in no order
	// own says that orgit has a value for it without settings.
	own bool
	// personal attributes are about reaching a person. An admin account has none of them:
	// it reads no mail and answers no phone.
	personal bool
}

// plainNamed finds an attribute that orgit may write, whatever the case of the name.
func plainNamed(name string) (attribute, bool) {
	a, ok := catalogue()[strings.ToLower(name)]
	return a, ok
}

// ownAttributes are those that orgit has a value for without settings, in no order that
// counts.
func ownAttributes() []attribute {
	var own []attribute
	for _, a := range catalogue() {
		if a.own {
			own = append(own, a)
		}
	}
	return own
}

// catalogue is every attribute that orgit may write to an account, by its name in small
// letters. Lengths are those of the schema of Windows Server 2012 R2, where Windows and
// Samba differ the smaller one; Exchange's extensionAttribute11 to 15 hold 2048, all are
// held to 1024 here. It is read only.
var catalogue = sync.OnceValue(func() map[string]attribute {
	known := map[string]attribute{}
	add := func(list ...attribute) {
		for _, a := range list {
			if a.rule == "" {
				a.rule = plan.Force
			}
			known[strings.ToLower(a.name)] = a
		}
	}
	add(ownedAttributes()...)
	add(contactAttributes()...)
	add(otherAttributes()...)
	for i := 1; i <= 15; i++ {
		add(attribute{name: fmt.Sprintf("extensionAttribute%d", i), max: 1024})
	}
	for i := 1; i <= 20; i++ {
		add(attribute{name: fmt.Sprintf("msDS-cloudExtensionAttribute%d", i), max: 1024})
	}
	return known
})

// ownedAttributes have a value without settings.
func ownedAttributes() []attribute {
	return []attribute{
		{name: attrLogin, max: maxLogin, own: true},
		{name: attrUPN, max: 1024, form: formUPN, own: true},
		{name: "givenName", max: 64, own: true},
		{name: "sn", max: 64, own: true},
		{name: attrDisplayName, max: 256, own: true},
		{name: "title", max: 128, own: true},
		{name: attrDepartment, max: maxDepartment, own: true},
		{name: "company", max: 64, own: true},
		{name: "employeeNumber", max: 512, own: true, personal: true},
		{name: "mail", max: 256, form: formMail, rule: plan.Keep, own: true, personal: true},
		{name: attrPhone, max: 64, form: formPhone, rule: plan.Keep, own: true, personal: true},
		{name: attrMobile, max: 64, form: formPhone, rule: plan.Keep, own: true, personal: true},
		{name: attrRoom, max: 128, rule: plan.Keep, own: true, personal: true},
	}
}

// contactAttributes are further ways to reach a person; they have a value only by a
// template. Private numbers are not among them: the repository has no room for them.
func contactAttributes() []attribute {
	list := []attribute{
		{name: "proxyAddresses", max: 1123, form: formProxy, set: true},
		{name: "mailNickname", max: 64, form: formNickname},
		{name: "otherMailbox", set: true, form: formMail},
		{name: "facsimileTelephoneNumber", max: 64, form: formPhone},
		{name: "otherFacsimileTelephoneNumber", max: 64, form: formPhone, set: true},
		{name: "ipPhone", max: 64, form: formPhone},
		{name: "otherIpPhone", form: formPhone, set: true},
		{name: "otherMobile", max: 64, form: formPhone, set: true},
		{name: "otherTelephone", max: 64, form: formPhone, set: true},
		{name: "pager", max: 64, form: formPhone},
		{name: "otherPager", max: 64, form: formPhone, set: true},
		{name: "msExchHideFromAddressLists", form: formBoolean},
	}
	for i := range list {
		list[i].personal = true
		if list[i].form == formPhone || list[i].form == formMail {
			list[i].rule = plan.Keep
		}
	}
	return list
}

// otherAttributes have a value only by a template.
func otherAttributes() []attribute {
	return []attribute{
		{name: "businessCategory", max: 128, set: true},
		{name: "c", max: 2, form: formCountry},
		{name: "co", max: 128},
		{name: "departmentNumber", set: true},
		{name: "description", max: 1024}, // several values in the schema, one on an account
		{name: "displayNamePrintable", max: 256},
		{name: "division", max: 256},
		{name: "employeeID", max: 16},
		{name: "employeeType", max: 256},
		{name: "extensionName", max: 255, set: true},
		{name: "generationQualifier", max: 64},
		{name: "info", max: 1024, form: formLines},
		{name: "initials", max: 6},
		{name: "l", max: 128},
		{name: "middleName", max: 64},
		{name: "personalTitle", max: 64},
		{name: "postalCode", max: 40},
		{name: "postOfficeBox", max: 40, set: true},
		{name: "preferredLanguage"},
		{name: "roomNumber", set: true, rule: plan.Keep, personal: true},
		{name: "st", max: 128},
		{name: "street", max: 1024, form: formLines},
		{name: "streetAddress", max: 1024, form: formLines},
		{name: "url", set: true},
		{name: "wWWHomePage", max: 2048},
	}
}
