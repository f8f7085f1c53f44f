package os2mo

import (
	"cmp"
	"fmt"
	"slices"

	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/schema"
)

// Codes of what orgit has no place for. There is one note of each with how many there are.
const (
	noExtension   = "extension"
	noHierarchy   = "unit-mark"
	noITPrimary   = "account-primary"
	noOwner       = "owner"
	noRoleBinding = "role-binding"
	noSecret      = "secret-address"
	noPrivate     = "private-address"
	noSeniority   = "seniority"
	noSubstitute  = "substitute"
	noTime        = "time-planning"
	noTradeUnion  = "trade-union"
	noType        = "address-type"
	noUnitAccount = "unit-account"
	noVacancy     = "vacant-association"
	noVisibility  = "visibility"
	noPrimary     = "association-primary"
)

// Codes of what is doubtful. There is a note for each case.
const (
	doubtAccountTwice   = "account-name-twice"
	doubtAccountGap     = "account-gap"
	doubtAccountName    = "account-name"
	doubtAccountUUID    = "account-uuid-twice"
	doubtAssociation    = "association-twice"
	doubtCPR            = "cpr"
	doubtCPRTwice       = "cpr-twice"
	doubtCPRText        = "cpr-in-text"
	doubtCycle          = "cycle"
	doubtDangling       = "dangling"
	doubtDays           = "time-of-day"
	doubtEmpty          = "empty-object"
	doubtExternalID     = "external-id"
	doubtFraction       = "fraction"
	doubtKLE            = "kle"
	doubtLeave          = "leave-twice"
	doubtManagers       = "managers-same-responsibility"
	doubtMoved          = "belongs-to-several"
	doubtOutside        = "outside-its-unit"
	doubtPrimaries      = "several-primary"
	doubtRoots          = "several-roots"
	doubtSecondAddress  = "second-address"
	doubtUnitKey        = "unit-key-twice"
	doubtUnitName       = "unit-name-twice"
	doubtValue          = "address-value"
	doubtVisibility     = "visibility-unknown"
	doubtWrongFacet     = "wrong-facet"
	doubtManagerEngaged = "leader-engagement"
	doubtNothingStated  = "no-name"
	doubtTextTooLong    = "text-too-long"
	doubtRelatedNumber  = "related-units"
)

// notes collects what was read and not taken, or taken with doubt.
type notes struct {
	list   []source.Note
	seen   map[[2]string]bool
	counts map[counted]int
}

// counted is a kind of thing that is counted: its form holds one %d.
type counted struct{ document, code, form string }

func newNotes() *notes {
	return &notes{seen: map[[2]string]bool{}, counts: map[counted]int{}}
}

// add makes a note of one case, once for each record, code and text.
func (n *notes) add(at source.Origin, code, form string, args ...any) {
	text := fmt.Sprintf(form, args...)
	key := [2]string{at.Document + " " + at.Record, code + " " + text}
	if n.seen[key] {
		return
	}
	n.seen[key] = true
	n.list = append(n.list, source.Note{Origin: at, Code: code, Text: schema.MaskCPR(text)})
}

// count counts a thing that orgit has no place for.
func (n *notes) count(document, code, form string) {
	n.counts[counted{document, code, form}]++
}

// all gives the notes: those that were counted first, in order, then the cases.
func (n *notes) all() []source.Note {
	var list []source.Note
	for c, number := range n.counts {
		list = append(list, source.Note{Origin: source.Origin{Document: c.document}, Code: c.code, Text: schema.MaskCPR(fmt.Sprintf(c.form, number))})
	}
	list = append(list, n.list...)
	slices.SortStableFunc(list, func(a, b source.Note) int {
		return cmp.Or(cmp.Compare(a.Document, b.Document), cmp.Compare(a.Record, b.Record), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Text, b.Text))
	})
	return list
}
