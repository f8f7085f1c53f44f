package sd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"unicode/utf8"

	"orgit.dk/orgit/internal/xmlrecord"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema"
)

// Asker gives the answer of one of SD's services as it stands. The caller closes it.
type Asker interface {
	Ask(ctx context.Context, service string, parameters url.Values) (io.ReadCloser, error)
}

// The services that are asked.
const (
	getInstitution   = "GetInstitution20111201"
	getDepartment    = "GetDepartment20111201"
	getOrganization  = "GetOrganization20111201"
	getParent        = "GetDepartmentParent20190701"
	getEmployment    = "GetEmployment20111201"
	getChanged       = "GetEmploymentChanged20111201"
	getChangedAtDate = "GetEmploymentChangedAtDate20111201"
	getPerson        = "GetPerson20111201"
	getProfession    = "GetProfession20080201"
)

// Names of parameters, in questions and where answers repeat them.
const (
	institutionCode = "InstitutionIdentifier"
	departmentUUID  = "DepartmentUUIDIdentifier"
	effectiveDate   = "EffectiveDate"
	activation      = "ActivationDate"
	deactivation    = "DeactivationDate"
)

// Fault is SD's answer that it has no answer.
type Fault struct {
	Service string
	Code    string
	Text    string // CPR numbers in it are masked
}

func (f *Fault) Error() string {
	return fmt.Sprintf("SD answers %s with a fault: %s (%s)", f.Service, f.Text, f.Code)
}

// limits are far above what is known of: the structure of a municipality is a single record.
func limits() xmlrecord.Limits {
	return xmlrecord.Limits{Document: 1 << 30, Token: 64 << 10, Elements: 500_000, Depth: 60}
}

// ask asks a service and gives each record of the answer. The answer is whole when it returns
// nil. One that is about less than was asked for is an error, unless part says what to make
// of it.
func (r *reader) ask(ctx context.Context, service string, parameters url.Values, part func(parameter string), each func(*xmlrecord.Element) error) error {
	body, err := r.asker.Ask(ctx, service, parameters)
	if err != nil {
		return fmt.Errorf("ask %s: %w", service, err)
	}
	defer body.Close() //nolint:errcheck // it is only read
	answer, err := open(body, service)
	if err == nil {
		err = answers(answer.echo, parameters)
	}
	if err == nil {
		if name := narrowed(answer.echo, parameters); name != "" && part == nil {
			err = fmt.Errorf("it is not about all that was asked for: it is the answer to a question with %s", name)
		} else if name != "" {
			part(name)
		}
	}
	for err == nil {
		var record *xmlrecord.Element
		if record, err = answer.Next(); err == nil {
			err = each(record)
		}
	}
	if err != io.EOF {
		return fmt.Errorf("read the answer of %s: %w", service, err)
	}
	return nil
}

// answer is an answer whose beginning was read.
type answer struct {
	*xmlrecord.Reader
	echo *xmlrecord.Element // the question as the answer repeats it
}

// open reads an answer up to the question that it repeats. A fault is the error.
func open(body io.Reader, service string) (*answer, error) {
	records, err := xmlrecord.Open(body, limits())
	if err != nil {
		return nil, err
	}
	switch records.Root().Name {
	case service:
	case "Envelope":
		return nil, faultOf(records, service)
	default:
		return nil, fmt.Errorf("it begins with <%s>", schema.MaskCPR(short(records.Root().Name)))
	}
	first, err := records.Next()
	if err == io.EOF {
		return nil, errors.New("it is empty")
	}
	if err != nil {
		return nil, err
	}
	if first.Name != "RequestStructure" && first.Name != "RequestKey" {
		return nil, errors.New("it does not repeat its question")
	}
	return &answer{records, first}, nil
}

// faultOf reads a fault (Envelope, Body, Fault).
func faultOf(records *xmlrecord.Reader, service string) error {
	for {
		record, err := records.Next()
		if err == io.EOF {
			return errors.New("it is an envelope without a fault")
		}
		if err != nil {
			return err
		}
		if fault := record.First("Fault"); fault != nil {
			return &Fault{Service: service, Code: schema.MaskCPR(short(fault.Value("faultcode"))), Text: schema.MaskCPR(short(fault.Value("faultstring")))}
		}
	}
}

// short bounds a text that is shown.
func short(text string) string {
	text = strings.ToValidUTF8(text, "?")
	for i := range text {
		if i > 300 {
			return text[:i] + "…"
		}
	}
	return text
}

// narrows are parameters by which an answer tells of less than the institution.
func narrows() []string {
	return []string{"PersonCivilRegistrationIdentifier", "EmploymentIdentifier", "DepartmentIdentifier", "DepartmentLevelIdentifier", departmentUUID, "JobPositionIdentifier"}
}

// answers says whether an answer belongs to a question: to the same institution and unit and
// day, and to at least the span of days. nil is yes.
func answers(echo *xmlrecord.Element, parameters url.Values) error {
	for _, name := range []string{institutionCode, departmentUUID, effectiveDate} {
		if asked, said := iso(parameters.Get(name)), echo.Value(name); asked != "" && !strings.EqualFold(asked, said) {
			return fmt.Errorf("it is the answer to another question: its %s is %q and not %q", name, schema.MaskCPR(short(said)), asked)
		}
	}
	from, to := iso(parameters.Get(activation)), iso(parameters.Get(deactivation))
	if from != "" && (echo.Value(activation) > from || echo.Value(deactivation) < to) {
		return fmt.Errorf("it is the answer to another question: it is about %q to %q and not %s to %s",
			schema.MaskCPR(short(echo.Value(activation))), schema.MaskCPR(short(echo.Value(deactivation))), from, to)
	}
	return nil
}

// narrowed names the parameter by which an answer tells of less than was asked for.
func narrowed(echo *xmlrecord.Element, parameters url.Values) string {
	for _, name := range narrows() {
		if echo.Value(name) != "" && !parameters.Has(name) {
			return name
		}
	}
	return ""
}

// written gives a day as parameters have it: dd.mm.yyyy.
func written(day org.Day) string {
	if len(day) != len("2006-01-02") {
		return ""
	}
	return string(day[8:] + "." + day[5:7] + "." + day[:4])
}

// iso gives the value of a parameter as answers repeat it: days are yyyy-mm-dd there.
func iso(value string) string {
	if len(value) == len("02.01.2006") && value[2] == '.' && value[5] == '.' && utf8.ValidString(value) {
		return value[6:] + "-" + value[3:5] + "-" + value[:2]
	}
	return value
}
