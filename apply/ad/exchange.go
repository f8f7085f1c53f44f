package ad

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// isExchange reports whether an attribute is in the schema only where Exchange has been
// set up.
func (a attribute) isExchange() bool {
	return strings.HasPrefix(a.name, "extensionAttribute") || strings.HasPrefix(a.name, "msExch") || a.name == "mailNickname"
}

// checkSchema finds attributes of Exchange that the settings ask for and the directory's
// schema does not have. A directory answers a write of such a one as if a value had
// changed since it was read, so it is said before anything is planned. It asks nothing
// where the settings name none.
func (k *connection) checkSchema(ctx context.Context) error {
	var asked []string
	filter := ""
	for _, a := range k.plain {
		if a.isExchange() {
			asked = append(asked, a.name)
			filter += "(lDAPDisplayName=" + a.name + ")"
		}
	}
	if len(asked) == 0 {
		return nil
	}
	root, err := k.readOne(ctx, "", []string{"schemaNamingContext"})
	if err != nil {
		return fmt.Errorf("look for the directory's schema: %w", k.config.Domain.explain(err))
	}
	if root == nil || root.GetEqualFoldAttributeValue("schemaNamingContext") == "" {
		return nil // a stand-in, which has none to look at
	}
	found, err := k.search(ctx, ldap.NewSearchRequest(root.GetEqualFoldAttributeValue("schemaNamingContext"),
		ldap.ScopeSingleLevel, ldap.NeverDerefAliases, 0, 0, false, "(|"+filter+")", []string{"lDAPDisplayName"}, nil))
	if err != nil {
		return fmt.Errorf("read the directory's schema: %w", k.config.Domain.explain(err))
	}
	for _, e := range found {
		asked = slices.DeleteFunc(asked, func(name string) bool {
			return strings.EqualFold(name, e.GetEqualFoldAttributeValue("lDAPDisplayName"))
		})
	}
	if len(asked) == 0 {
		return nil
	}
	return fmt.Errorf("%w: the directory's schema has no %s: Exchange brings them, and it was not set up here; "+
		"take them out of %s.attributes, or use msDS-cloudExtensionAttribute1 to 20", ErrNotConfigured, strings.Join(asked, ", "), k.config.Domain.setting())
}
