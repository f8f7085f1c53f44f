package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/xuri/excelize/v2"

	"orgit.dk/orgit/internal/spreadsheet"
	"orgit.dk/orgit/org"
)

const (
	listsSheet = "Lister"
	guideSheet = "Vejledning"
	formRows   = 500 // rows that have drop-downs
)

// Template writes a spreadsheet to fill in: the headings with notes, drop-downs with what the organisation has, and a page
// that says which change needs which columns.
func Template(o *org.Organisation) (_ []byte, err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	t := &template{f: f, o: o}
	if err := errors.Join(t.form(), t.lists(), t.guide()); err != nil {
		return nil, fmt.Errorf("write the spreadsheet: %w", err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return nil, fmt.Errorf("write the spreadsheet: %w", err)
	}
	return b.Bytes(), nil
}

type template struct {
	f *excelize.File
	o *org.Organisation
}

// form is the sheet to fill in.
func (t *template) form() error {
	if err := t.f.SetSheetName("Sheet1", spreadsheet.Sheet); err != nil {
		return err
	}
	bold, err := t.f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDEBF7"}}})
	if err != nil {
		return err
	}
	date := "dd-mm-yyyy"
	day, err := t.f.NewStyle(&excelize.Style{CustomNumFmt: &date})
	if err != nil {
		return err
	}
	text, err := t.f.NewStyle(&excelize.Style{NumFmt: 49}) // text: a phone number keeps its plus, a key its zeros
	if err != nil {
		return err
	}
	for i, heading := range Headings() {
		column, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		style := text
		if heading == headFrom || heading == headUntil {
			style = day
		}
		err = errors.Join(t.f.SetColWidth(spreadsheet.Sheet, column, column, 18), t.f.SetColStyle(spreadsheet.Sheet, column, style),
			t.f.SetCellStr(spreadsheet.Sheet, column+"1", heading), t.f.SetCellStyle(spreadsheet.Sheet, column+"1", column+"1", bold),
			t.f.AddComment(spreadsheet.Sheet, excelize.Comment{Cell: column + "1", Author: "orgit", Paragraph: []excelize.RichTextRun{{Text: notes()[heading]}}}))
		if err != nil {
			return err
		}
	}
	return t.f.SetPanes(spreadsheet.Sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// lists fills the hidden sheet behind the drop-downs, and ties them to the columns.
func (t *template) lists() error {
	if _, err := t.f.NewSheet(listsSheet); err != nil {
		return err
	}
	classes := t.o.Settings.Classes
	var kindNames, unitNames []string
	for _, k := range kinds() {
		kindNames = append(kindNames, k.name)
	}
	for _, u := range t.o.Units {
		unitNames = append(unitNames, u.Key)
	}
	slices.Sort(unitNames)
	list := 0
	for _, l := range []struct {
		headings []string
		values   []string
	}{
		{[]string{headDo}, kindNames}, {[]string{headUnit, headParent, headSuccessor}, unitNames},
		{[]string{headTitle}, classNames(classes.Titles)}, {[]string{headType}, classNames(classes.EngagementTypes)},
		{[]string{headUnitType}, classNames(classes.UnitTypes)}, {[]string{headPrimary, headCloses, headCorrect}, []string{"ja", "nej"}},
	} {
		list++
		if err := t.list(list, l.headings, l.values); err != nil {
			return err
		}
	}
	return t.f.SetSheetVisible(listsSheet, false)
}

func (t *template) list(number int, headings, values []string) error {
	column, err := excelize.ColumnNumberToName(number)
	if err != nil || len(values) == 0 {
		return err
	}
	for i, v := range values {
		if err := t.f.SetCellStr(listsSheet, fmt.Sprintf("%s%d", column, i+1), v); err != nil {
			return err
		}
	}
	for _, heading := range headings {
		at, err := excelize.ColumnNumberToName(slices.Index(Headings(), heading) + 1)
		if err != nil {
			return err
		}
		v := excelize.NewDataValidation(true)
		v.SetSqref(fmt.Sprintf("%s2:%s%d", at, at, formRows+1))
		v.SetSqrefDropList(fmt.Sprintf("%s!$%s$1:$%s$%d", listsSheet, column, column, len(values)))
		v.SetError(excelize.DataValidationErrorStyleWarning, heading, "Det står ikke på listen. Er du sikker?")
		if err := t.f.AddDataValidation(spreadsheet.Sheet, v); err != nil {
			return err
		}
	}
	return nil
}

// classNames are the names of classes in Danish order; the key of those whose name another one has too.
func classNames(classes map[string]org.Class) []string {
	seen := map[string]int{}
	for _, c := range classes {
		seen[c.Name]++
	}
	var names []string
	for _, key := range slices.Sorted(maps.Keys(classes)) {
		if name := classes[key].Name; seen[name] == 1 {
			names = append(names, name)
		} else {
			names = append(names, key)
		}
	}
	slices.SortFunc(names, org.DanishOrder())
	return names
}

// guide says which change needs which columns.
func (t *template) guide() error {
	if _, err := t.f.NewSheet(guideSheet); err != nil {
		return err
	}
	rows := [][]string{
		{"Én række er én ændring. Skriv ALDRIG CPR-numre i arket."},
		{"Datoer: dag-måned-år, for eksempel 31-12-2026, og ikke med skråstreger, for 3/2/2027 kan læses på to måder. \"Fra dato\" er den første dag, \"Til og med\" den sidste."},
		{"En person skrives med nøgle, brugernavn eller hele navnet, når kun én hedder sådan. En enhed med nøgle eller navn."},
		{"Ansættes en, der har været ansat før, så skriv personens nøgle. Er det en anden af samme navn, så skriv \"ny person\" og fornavn og efternavn."},
		{"Formler og flettede celler kan ikke bruges. Tomme rækker springes over."}, {},
		{"Ændring", "Skal udfyldes", "Kan udfyldes"},
	}
	for _, k := range kinds() {
		rows = append(rows, []string{k.name, listed(k.needs), listed(k.may)})
	}
	for i, row := range rows {
		if err := t.f.SetSheetRow(guideSheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
			return err
		}
	}
	return errors.Join(t.f.SetColWidth(guideSheet, "A", "A", 28), t.f.SetColWidth(guideSheet, "B", "C", 60))
}

func listed(headings []string) string {
	text := ""
	for i, h := range headings {
		if i > 0 {
			text += ", "
		}
		text += h
	}
	return text
}

// notes say what belongs below each heading.
func notes() map[string]string {
	return map[string]string{
		headDo:         "Hvad der skal ske. Vælg på listen. Arket Vejledning siger, hvilke kolonner der skal udfyldes.",
		headPerson:     "Personens nøgle, brugernavn eller hele navn. Ved ansættelse af en ny medarbejder: tom eller \"ny person\". Aldrig CPR-nummer.",
		headEngagement: "Kun når personen har flere ansættelser: a, b … som `orgit show` viser dem.",
		headFrom:       "Den første dag, det gælder. Ved en rettelse: tom.",
		headUntil:      "Den sidste dag. Ved fratrædelse: den sidste dag i ansættelsen.",
		headUnit:       "Enhedens nøgle eller navn. Ved flytning: den nye enhed.",
		headTitle:      "Stillingen, som den hedder på listen.",
		headType:       "Månedslønnet, timelønnet …",
		headFraction:   "Del af fuld tid: 80 % eller 0,8. Rundes af til hundrededele af en procent.",
		headPrimary:    "ja, hvis det er hovedansættelsen.",
		headGiven:      "Fornavn og mellemnavne.",
		headSurname:    "Efternavn.",
		headCalled:     "Hele navnet, som det skal vises, hvis det er et andet. Ved Nyt navn: tomt: uændret; \"fjern\": fjernes, så navnet vises som fornavn og efternavn.",
		headLogin:      "Brugernavn for en ny medarbejder. Tomt: orgit danner det efter kommunens regler (usernames), hvis der er nogen. \"ingen\": ingen konto.",
		headParent:     "Den enhed, som enheden skal ligge under.",
		headSuccessor:  "Den enhed, hvor medarbejderne fortsætter.",
		headUnitName:   "Hvad enheden (fremover) hedder.",
		headUnitType:   "Vælg på listen.",
		headPhone:      "Telefon på arbejdet. Tom: uændret. \"fjern\": fjernes.",
		headMobile:     "Arbejdsmobil. Tom: uændret. \"fjern\": fjernes.",
		headLandline:   "Fastnet på arbejdet. Tom: uændret. \"fjern\": fjernes.",
		headEmail:      "E-mail på arbejdet. Tom: uændret. \"fjern\": fjernes.",
		headRoom:       "Lokale. Tomt: uændret. \"fjern\": fjernes.",
		headCloses:     "ja, hvis brugerkontiene skal lukkes under orloven.",
		headCorrect:    "ja, hvis det hele tiden har været sådan (en rettelse). Så skal Fra dato være tom. Skal en senere ændring rettes, så skriv den dag, den gælder fra.",
	}
}
