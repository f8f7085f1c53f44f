package adtest

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Rules says whose rules the directory follows where two real ones differ. Each is a
// switch of its own, so that a test can show which rule it meets; they are joined with |.
type Rules uint

// Samba is what the contract suite measures on a Samba domain controller (4.17): none of
// Windows' stricter rules.
const Samba Rules = 0

// The rules that Microsoft documents and Samba does not have.
const (
	// Lengths: a cn or ou has at most 64 characters (code 19), a user name 20 (code 80,
	// ERROR_INVALID_ACCOUNT_NAME), and a value that is too long is a violated constraint
	// (19) and no invalid syntax (21).
	Lengths Rules = 1 << iota
	// Folding: names that differ only in diacritics are one (KB 938447): of objects in one
	// container, of user names (68) and of user principal names (19).
	Folding
	// PageLimit: a search without paging ends after 1,000 objects with code 4, and a page
	// is never longer (MaxPageSize of the default query policy).
	PageLimit
	// Ranges: at most 1,500 values of an attribute come at a time, as attr;range=0-1499
	// (MaxValRange).
	Ranges
	// PasswordToEnable: an account that needs a password and has none cannot be enabled
	// (53, ERROR_PASSWORD_RESTRICTION).
	PasswordToEnable
	// PasswordPolicy: a password that the domain's policy does not take is refused with 53
	// and not with 19.
	PasswordPolicy
	// OneDescription: an add request with two values of description for a user or group is
	// refused (20). Samba refuses only the change that would make them two.
	OneDescription
)

// Windows is all of them.
const Windows = Lengths | Folding | PageLimit | Ranges | PasswordToEnable | PasswordPolicy | OneDescription

const (
	windowsPageLimit   = 1000 // MaxPageSize
	windowsRangeLimit  = 1500 // MaxValRange
	maxWindowsUserName = 20
	maxWindowsRDN      = 64
)

// has reports whether a rule holds.
func (r Rules) has(rule Rules) bool { return r&rule != 0 }

// fold makes two spellings that the directory takes for one name equal.
func (d *directory) fold(s string) string {
	s = strings.ToLower(s)
	if !d.rules.has(Folding) {
		return s
	}
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
	return strings.ReplaceAll(plain, "ø", "o")
}
