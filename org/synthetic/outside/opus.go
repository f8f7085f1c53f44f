package outside

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"hash/fnv"
	"io"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/synthetic"
)

// keeps is for how many days OPUS names in full who has left; after that it says only that they have.
const keeps = 30

// OPUSName is what KMD calls the file of the town's day.
func OPUSName(t *synthetic.Town) string {
	return "ZLPE" + strings.ReplaceAll(string(t.Day), "-", "") + "224012_delta.xml"
}

// OPUS writes the town as the nightly file of KMD OPUS Løn. It holds CPR numbers.
func OPUS(w io.Writer, t *synthetic.Town) error {
	o := &opus{w: bufio.NewWriter(w), town: t, positions: map[string]string{}}
	o.w.WriteString("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<kmd>\n")
	for i := range t.Units {
		o.unit(&t.Units[i])
	}
	for i := range t.People {
		for k := range t.People[i].Jobs {
			o.employee(i, &t.People[i].Jobs[k])
		}
	}
	o.w.WriteString("</kmd>\n")
	if o.err == nil {
		o.err = o.w.Flush() // the first error of all writes
	}
	if o.err != nil {
		return fmt.Errorf("write the OPUS file: %w", o.err)
	}
	return nil
}

// opus is a file of OPUS that is being written.
type opus struct {
	w         *bufio.Writer
	town      *synthetic.Town
	positions map[string]string // the title of each code
	err       error
}

// elements writes names and values, in turn; no value, an empty element.
func (o *opus) elements(pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		name, value := pairs[i], pairs[i+1]
		if value == "" {
			fmt.Fprintf(o.w, "  <%s/>\n", name)
			continue
		}
		fmt.Fprintf(o.w, "  <%s>%s</%s>\n", name, escaped(value), name)
	}
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder takes everything
	return b.String()
}

func (o *opus) unit(u *synthetic.Unit) {
	parent := ""
	if u.Parent >= 0 {
		parent = o.town.Units[u.Parent].Code
	}
	fmt.Fprintf(o.w, " <orgUnit id=\"%s\" client=\"999\" lastChanged=\"%s\">\n", u.Code, u.From)
	o.elements("startDate", string(u.From), "endDate", "9999-12-31", "parentOrgUnit", parent, "shortName", u.Code, "longName", u.Name,
		"street", "", "zipCode", "", "city", "", "phoneNumber", digits(u.Phone), "eanNr", "9999999999999", "pNr", "0000000000",
		"orgType", "00003", "orgTypeTxt", "Institution")
	o.w.WriteString(" </orgUnit>\n")
}

// digits is a phone number as OPUS has it: eight digits.
func digits(phone string) string { return strings.TrimPrefix(phone, "+45") }

func (o *opus) employee(i int, job *synthetic.Job) {
	p := &o.town.People[i]
	if job.To != "" && job.To < o.town.Day.Add(-keeps) {
		fmt.Fprintf(o.w, " <employee id=\"%s\" client=\"999\" lastChanged=\"%s\" action=\"leave\"/>\n", job.Number, job.To)
		return
	}
	fmt.Fprintf(o.w, " <employee id=\"%s\" client=\"999\" lastChanged=\"%s\">\n", job.Number, job.From)
	o.elements("entryDate", string(job.From), "leaveDate", string(job.To))
	fmt.Fprintf(o.w, "  <cpr suppId=\"0\">%s</cpr>\n", p.CPR.Digits())
	o.elements("firstName", p.Given, "lastName", p.Surname)
	o.w.WriteString(home(p.Shielded))
	leads, superior, subordinate, login := "false", "", "", ""
	if o.town.Units[job.Unit].Leader == i {
		leads, superior, subordinate, login = "true", "3", "01", "LP"+job.Number
	}
	contract, kind := "01", "Månedsløn bagud"
	if job.Hourly {
		contract, kind = "03", "Måneds-/timeløn"
	}
	o.elements("postalCode", "", "city", "", "country", "DK", "workPhone", digits(p.Phone), "workContract", contract, "workContractText", kind,
		"positionId", o.position(job.Title), "position", job.Title, "itUser", "", "isManager", leads, "superiorLevel", superior,
		"subordinateLevel", subordinate, "orgUnit", o.town.Units[job.Unit].Code, "email", p.Mail, "userId", login,
		"numerator", fmt.Sprintf("%.2f ", job.Fraction*37), "denominator", "37.00 ")
	o.w.WriteString(" </employee>\n")
}

// home is a home address as OPUS marks a protected one. Nobody here lives anywhere.
func home(shielded bool) string {
	if shielded {
		return "  <address protected=\"true\">*B*</address>\n"
	}
	return "  <address protected=\"false\"/>\n"
}

// position is the code of a title, which is the same in every file.
func (o *opus) position(title string) string {
	h := fnv.New32a()
	h.Write([]byte(title))
	code := fmt.Sprint(100_000 + h.Sum32()%900_000)
	if other, taken := o.positions[code]; taken && other != title && o.err == nil {
		o.err = fmt.Errorf("the titles %q and %q have one code", other, title)
	}
	o.positions[code] = title
	return code
}

// next is the day after, which is how systems say until when; empty for no end.
func next(day org.Day) org.Day {
	if day == "" {
		return ""
	}
	return day.Add(1)
}
