package review

import (
	"fmt"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
)

// text is the same words in Danish and English.
type text struct{ danish, english string }

func (t text) in(l string) string {
	if l == change.Danish {
		return t.danish
	}
	return t.english
}

// reasons are what each reason says of an approval, of a merge request, or of a commit.
var reasons = map[Reason]text{
	PassedSource:   {"forslaget er ikke lavet ud fra klassens kilde", "the proposal was not made from the class's source"},
	PassedNever:    {"klassen undtager det", "the class leaves it out"},
	PassedShielded: {"det drejer sig om en, der er beskyttet", "it is about somebody who is shielded or safeguarded"},
	PassedBackdate: {"det gælder fra en dag for langt tilbage", "it holds from too long ago"},
	PassedPerRun:   {"der er for mange på én gang", "there are too many at a time"},
	PassedLogin:    {"ledere kan ikke genkendes (review.login)", "leaders cannot be recognised (review.login)"},
	PassedGroup:    {"kun arbejdsgruppen afgør det", "only the working group decides about it"},
	PassedBroken:   {"klassen mangler noget i reglerne", "the class lacks something in the rules"},

	NotUser:       {"det fremgår ikke, hvem den er fra", "it is not known whose it is"},
	NotBot:        {"et program har givet den", "a program gave it"},
	NotOwn:        {"har selv stillet forslaget", "proposes it"},
	NotCommitter:  {"kan selv have skrevet en del af forslaget", "may have written a part of it"},
	NotTime:       {"det vides ikke, om den er givet efter den seneste ændring", "it is not known whether it was given after the last push"},
	NotAfterPush:  {"den er givet før den seneste ændring af forslaget", "it was given before the last push"},
	NotAbout:      {"forslaget drejer sig om dem selv", "the proposal is about them"},
	NotNamed:      {"er ikke en af dem, der skal godkende", "is not one of those who approve"},
	NotSubstitute: {"er ikke stedfortræder på den dag", "is no substitute on that day"},
	NotTwice:      {"den plads i arbejdsgruppen er talt med", "that place in the working group is counted already"},

	BlockState:    {"det er lukket", "it is closed"},
	BlockTarget:   {"det er ikke stillet til den godkendte gren", "it is not for the approved branch"},
	BlockFork:     {"det kommer fra et andet projekt", "it comes from another project"},
	BlockDraft:    {"det er en kladde", "it is a draft"},
	BlockThreads:  {"der er en åben tråd", "a thread is open"},
	BlockLabel:    {"det er sat på hold", "it is held by a label"},
	BlockHead:     {"det peger på et andet commit end det, der bedømmes", "it points to another commit than the one that is judged"},
	BlockAuthor:   {"det vides ikke, hvem der har stillet det", "it is not known whose it is"},
	BlockVersions: {"det vides ikke, hvornår det sidst blev ændret", "it is not known when it was last pushed"},
	BlockCommits:  {"det vides ikke, hvem der har skrevet det", "it is not known who wrote its commits"},

	UncoveredDirect:   {"det er lagt direkte på main", "it was pushed to main directly, or squashed or rebased"},
	UncoveredOctopus:  {"det fletter flere grene på én gang", "it merges several branches at once"},
	UncoveredRequest:  {"det hører ikke til noget flettet forslag", "it is the merge of no merge request"},
	UncoveredSeveral:  {"flere forslag gør krav på det", "several merge requests claim it"},
	UncoveredContent:  {"det indeholder andet, end fletningen giver", "it holds something else than merging gives"},
	UncoveredConflict: {"en konflikt er løst i hånden i fletningen", "a conflict was solved by hand in the merge"},
	UncoveredFiles:    {"filerne kan ikke læses uden fejl", "its files cannot be read without errors"},
	UncoveredApproval: {"det er flettet uden de godkendelser, det skulle have", "it was merged without the approvals that it needs"},
}

// Text writes a reason in words, as the end of a sentence.
func (r Reason) Text(l string) string {
	if t, ok := reasons[r]; ok {
		return t.in(l)
	}
	return string(r)
}

// list joins words with commas, and the last with another word.
func list(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " " + last + " " + words[len(words)-1]
}

// Sentence says whether a merge request is approved, by whom or who is missing, what holds it back, and whose approval does
// not count.
func (v Verdict) Sentence(l string) string {
	var sentences []string
	for _, s := range []string{v.Standing(l), v.Held(l), v.Uncounted(l)} {
		if s != "" {
			sentences = append(sentences, s)
		}
	}
	return strings.Join(sentences, " ")
}

// Held says what stands against a merge request whoever approved it; empty when nothing does.
func (v Verdict) Held(l string) string {
	if len(v.Blocks) == 0 {
		return ""
	}
	var texts []string
	for _, b := range v.Blocks {
		texts = append(texts, b.Reason.Text(l))
	}
	return text{"Det holdes tilbage: ", "It is held back: "}.in(l) + strings.Join(texts, "; ") + "."
}

// Uncounted says whose approvals do not count, and why; empty when all do.
func (v Verdict) Uncounted(l string) string {
	if len(v.NotCounted) == 0 {
		return ""
	}
	var texts []string
	for _, n := range v.NotCounted {
		name := n.Username
		if name == "" {
			name = "?"
		}
		texts = append(texts, name+" ("+n.Reason.Text(l)+")")
	}
	return text{"Tæller ikke: ", "Not counted: "}.in(l) + strings.Join(texts, "; ") + "."
}

// Standing says who approved, or who is missing.
func (v Verdict) Standing(l string) string {
	and := text{"og", "and"}.in(l)
	switch v.By {
	case org.ByRule:
		return fmt.Sprintf(text{"Godkendt efter reglen i klassen %s.", "Approved by the rule of the class %s."}.in(l), v.Class)
	case org.ByLeader:
		return fmt.Sprintf(text{"Godkendt af %s som leder.", "Approved by %s as leader."}.in(l), list(v.names(), and))
	case org.ByGroup:
		return fmt.Sprintf(text{"Godkendt af %s fra arbejdsgruppen (der kræves %d).", "Approved by %s of the working group (%d needed)."}.in(l),
			list(v.names(), and), v.Needed)
	}
	if v.Approvers == org.ByLeader {
		return v.leadersMissing(l)
	}
	s := fmt.Sprintf(text{"Ikke godkendt: der mangler %d af %d godkendelser fra arbejdsgruppen", "Not approved: %d of %d approvals of the working group are missing"}.in(l),
		v.Missing, v.Needed)
	if len(v.MayApprove) > 0 {
		return s + " (" + list(v.MayApprove, text{"eller", "or"}.in(l)) + ")."
	}
	return s + text{", og ingen i den kan give dem.", ", and nobody in it can give them."}.in(l)
}

func (v Verdict) names() []string {
	var names []string
	for _, c := range v.Counted {
		name := c.Username
		if !strings.EqualFold(c.As, c.Username) {
			name += " (" + c.As + ")"
		}
		names = append(names, name)
	}
	return names
}

func (v Verdict) leadersMissing(l string) string {
	var areas []string
	for _, a := range v.Areas {
		who := list(a.Usernames, text{"eller", "or"}.in(l))
		if who == "" {
			who = text{"kan ikke genkendes", "cannot be recognised"}.in(l)
		}
		name := a.Name
		if name == "" {
			name = text{"ingen enhed", "no unit"}.in(l)
		}
		areas = append(areas, name+" ("+who+")")
	}
	return fmt.Sprintf(text{
		"Ikke godkendt: lederen mangler for %s. Arbejdsgruppen kan godkende i stedet (der mangler %d af %d).",
		"Not approved: the leader of %s is missing. The working group may approve instead (%d of %d are missing).",
	}.in(l), list(areas, text{"og", "and"}.in(l)), v.Missing, v.Needed)
}

// Sentence says who has to approve what is in the proposal.
func (c Classification) Sentence(l string) string {
	switch c.Approvers {
	case org.ByRule:
		return fmt.Sprintf(text{"Klasse %s: godkendes efter reglen.", "Class %s: approved by rule."}.in(l), c.Class)
	case org.ByLeader:
		var areas []string
		for _, a := range c.Areas {
			areas = append(areas, a.Name)
		}
		return fmt.Sprintf(text{"Klasse %s: godkendes af lederen for %s.", "Class %s: approved by the leader of %s."}.in(l),
			c.Class, list(areas, text{"og", "and"}.in(l)))
	}
	if c.Class == "" {
		return fmt.Sprintf(text{"Godkendes af arbejdsgruppen (%d).", "Approved by the working group (%d)."}.in(l), c.Approvals)
	}
	return fmt.Sprintf(text{"Klasse %s: godkendes af arbejdsgruppen (%d).", "Class %s: approved by the working group (%d)."}.in(l), c.Class, c.Approvals)
}
