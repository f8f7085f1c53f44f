package change

// form is a kind of change in one of its variants; variant says which.
type form struct {
	kind    Kind
	variant string
}

// Variants of sentences that do not stand for a field.
const (
	variantOpen  = "open"  // without an end from now on
	variantOff   = "off"   // a yes becomes a no
	variantFirst = "first" // there was no value before
	variantGone  = "gone"  // there is no value now
)

// sentences are the words for each kind of change. What is not here is said by edits.
var sentences = map[form]text{
	{Hire, ""}:           {"{who} ansættes{from}{until}.", "{who} is hired{from}{until}."},
	{Hire, FieldFurther}: {"{who} får endnu en ansættelse{from}{until}.", "{who} gets a further job{from}{until}."},
	{Rehire, ""}:         {"{who} genansættes{from}{until}.", "{who} is hired again{from}{until}."},
	{Leave, ""}:          {"{who} fratræder {day}{was}.", "{who} leaves on {day}{was}."},
	{Extend, ""}:         {"{who} er ansat til og med {day}{was}.", "{who} stays until {day}{was}."},
	{Extend, variantOpen}: {
		"{who} fratræder ikke {wasday}; ansættelsen fortsætter uden slutdato.",
		"{who} does not leave on {wasday}; the job goes on without an end.",
	},
	{Annul, ""}: {
		"{who}: ansættelsen fra {day} annulleres; den regnes, som om den aldrig har været der.",
		"{who}: the job from {day} is annulled, as if it had never been.",
	},
	{Engagement, FieldRemoved}: {
		"Rettelse: Ansættelsen fra {old} for {who} står ikke længere i organisationens filer.",
		"Correction: The job from {old} of {who} is no longer in the organisation's files.",
	},
	{Move, ""}:                {"{who} flyttes fra {old} til {new}{from}.", "{who} moves from {old} to {new}{from}."},
	{Title, ""}:               {"{who} skifter titel fra {old} til {new}{from}.", "{who} changes title from {old} to {new}{from}."},
	{Title, variantFirst}:     {"{who} får titlen {new}{from}.", "{who} gets the title {new}{from}."},
	{Title, variantGone}:      {"{who} vises ikke længere med titlen {old}{from}.", "{who} is no longer shown with the title {old}{from}."},
	{Fraction, ""}:            {"{who} går fra {old} til {new} af fuld tid{from}.", "{who} goes from {old} to {new} of full time{from}."},
	{Fraction, variantFirst}:  {"{who} arbejder {new} af fuld tid{from}.", "{who} works {new} of full time{from}."},
	{Absence, FieldNew}:       {"{who} har orlov{from}{until}.", "{who} is on leave{from}{until}."},
	{Absence, "closed"}:       {"{who} har orlov{from}{until}; brugerkontiene er lukket imens.", "{who} is on leave{from}{until}; the accounts are closed meanwhile."},
	{Absence, FieldRemoved}:   {"Rettelse: Orloven{from}{until} for {who} udgår.", "Correction: The leave{from}{until} of {who} is taken out."},
	{Absence, "from"}:         {"Rettelse: Orloven for {who} begynder {new} (før: {old}).", "Correction: The leave of {who} begins on {new} (before: {old})."},
	{Absence, "to"}:           {"Orloven{from} for {who} slutter {new}{before}.", "The leave{from} of {who} ends on {new}{before}."},
	{Absence, variantOpen}:    {"Orloven{from} for {who} fortsætter uden slutdato{before}.", "The leave{from} of {who} goes on without an end{before}."},
	{Absence, "on"}:           {"Brugerkontiene for {who} lukkes under orloven{from}{until}.", "The accounts of {who} are closed during the leave{from}{until}."},
	{Absence, variantOff}:     {"Brugerkontiene for {who} lukkes ikke under orloven{from}{until}.", "The accounts of {who} stay open during the leave{from}{until}."},
	{Associate, ""}:           {"{who} tilknyttes uden løn{from}{until}.", "{who} is associated without pay{from}{until}."},
	{Dissociate, ""}:          {"Tilknytningen for {who} ophører {day}{was}.", "The association of {who} ends on {day}{was}."},
	{Association, "to"}:       {"Tilknytningen for {who} varer til og med {day}{was}.", "The association of {who} lasts until {day}{was}."},
	{Association, "open"}:     {"Tilknytningen for {who} fortsætter uden slutdato{was}.", "The association of {who} goes on without an end{was}."},
	{Association, "annulled"}: {"{who}: tilknytningen annulleres; den regnes, som om den aldrig har været der.", "{who}: the association is annulled, as if it had never been."},
	{Association, FieldRemoved}: {
		"Rettelse: Tilknytningen fra {old} for {who} står ikke længere i organisationens filer.",
		"Correction: The association from {old} of {who} is no longer in the organisation's files.",
	},

	{Rename, ""}:            {"{old}{about} skifter navn til {new}{from}.", "{old}{about} changes name to {new}{from}."},
	{Rename, "correction"}:  {"Rettelse: {old}{about} hedder {new}{from}.", "Correction: {old}{about} is called {new}{from}."},
	{Protect, ""}:           {"{who} får adressebeskyttelse{from}: telefon og lokale vises ingen steder.", "{who} has a protected address{from}: phone and room are shown nowhere."},
	{Protect, variantOff}:   {"{who} har ikke længere adressebeskyttelse{from}.", "{who} no longer has a protected address{from}."},
	{Suspend, ""}:           {"Alle brugerkonti for {who} lukkes{from}.", "All accounts of {who} are closed{from}."},
	{Suspend, variantOff}:   {"Brugerkontiene for {who} åbnes igen{from}.", "The accounts of {who} are opened again{from}."},
	{Person, FieldNew}:      {"{who} oprettes.", "{who} is new."},
	{PersonRemoved, ""}:     {"{who} står ikke længere i organisationens filer.", "{who} is no longer in the organisation's files."},
	{Account, FieldNew}:     {"{who} får brugernavnet {new}{from}{until}.", "{who} gets the login name {new}{from}{until}."},
	{Account, FieldRemoved}: {"Rettelse: Brugernavnet {old} for {who} står ikke længere i organisationens filer.", "Correction: The login name {old} of {who} is no longer in the organisation's files."},
	{Account, "suspended"}:  {"Brugerkontoen for {who} lukkes{from}.", "The account of {who} is closed{from}."},
	{Account, variantOff}:   {"Brugerkontoen for {who} åbnes igen{from}.", "The account of {who} is opened again{from}."},
	{AccountRename, ""}:     {"{who} skifter brugernavn fra {old} til {new}{from}.", "{who} changes login name from {old} to {new}{from}."},

	{UnitCreate, ""}:         {"Ny enhed: {name}{under}{from}{until}.", "New unit: {name}{under}{from}{until}."},
	{UnitClose, ""}:          {"{name} lukker med udgangen af {day}{was}.{goes}", "{name} closes at the end of {day}{was}.{goes}"},
	{Unit, variantOpen}:      {"{name} lukker ikke {wasday}.", "{name} does not close on {wasday}."},
	{UnitMerge, ""}:          {"{others} lægges sammen i {name} fra {day}.", "{others} become one in {name} from {day}."},
	{UnitMove, ""}:           {"{name} flyttes fra {old} til {new}{from}.", "{name} moves from {old} to {new}{from}."},
	{UnitMove, variantFirst}: {"{name} placeres under {new}{from}.", "{name} is placed below {new}{from}."},
	{UnitMove, "hierarchy"}:  {"{name} har {new} som {label}{before}{from}.", "{name} has {new} as {label}{before}{from}."},
	{UnitRename, ""}:         {"{old} skifter navn til {new}{from}.", "{old} changes name to {new}{from}."},
	{UnitRename, "correction"}: {
		"Rettelse: Enheden {old} hedder {new}{from}.",
		"Correction: The unit {old} is called {new}{from}.",
	},
	{UnitRemoved, ""}: {"Enheden {name} står ikke længere i organisationens filer.", "The unit {name} is no longer in the organisation's files."},

	{Appoint, ""}:              {"Ny {post} {name}: {new}{from}{until}.", "New {post} {name}: {new}{from}{until}."},
	{AppointActing, ""}:        {"Konstitueret leder af {name}: {new}{succeeds}{from}{until}.", "Acting leader of {name}: {new}{succeeds}{from}{until}."},
	{LeaderChange, ""}:         {"Ny {post} {name}: {new}{succeeds}{from}{until}.", "New {post} {name}: {new}{succeeds}{from}{until}."},
	{Vacate, ""}:               {"{name} er uden leder fra {day}: {old} er {role} til og med {daybefore}.", "{name} is without a leader from {day}: {old} is {role} until {daybefore}."},
	{Vacate, "vacant"}:         {"Lederstillingen i {name} er ledig{from}{until}{succeeds}.", "The post of leader of {name} is vacant{from}{until}{succeeds}."},
	{LeaderCorrect, "to"}:      {"{old} er {post} {name} til og med {day}{was}.", "{old} is {post} {name} until {day}{was}."},
	{LeaderCorrect, "end"}:     {"Lederstillingen i {name} er ledig til og med {day}{was}.", "The post of leader of {name} is vacant until {day}{was}."},
	{LeaderCorrect, "open"}:    {"{old} fortsætter som {post} {name} uden slutdato{was}.", "{old} goes on as {post} {name} without an end{was}."},
	{LeaderCorrect, "removed"}: {"Rettelse: {old} står ikke længere som {post} {name} i organisationens filer.", "Correction: {old} is no longer in the organisation's files as {post} {name}."},

	{Robot, FieldNew}:     {"Ny robot: {name}{answers}{from}{until}.", "New robot: {name}{answers}{from}{until}."},
	{Robot, FieldRemoved}: {"Rettelse: Robotten {name} står ikke længere i organisationens filer.", "Correction: The robot {name} is no longer in the organisation's files."},

	{Settings, FieldNew}:     {"Organisationens indstillinger læses ind for første gang.", "The organisation's settings are read for the first time."},
	{Settings, ""}:           {"Indstillinger – {label}: ændres fra {old} til {new}.", "Settings – {label}: changed from {old} to {new}."},
	{Settings, variantFirst}: {"Indstillinger – {label}: tilføjes: {new}.", "Settings – {label}: added: {new}."},
	{Settings, variantGone}:  {"Indstillinger – {label}: fjernes (før: {old}).", "Settings – {label}: removed (before: {old})."},
}

// Ways of saying that a field has another value, for everything without a word of its own.
const (
	editChange    = "change"
	editFirst     = "first"
	editGone      = "gone"
	editClear     = "clear"
	editHidden    = "hidden"
	editCorrect   = "correct"
	editCorrected = "corrected-day"
	editUnstated  = "correct-gone"
	editNot       = "withdrawn"
	editNotGone   = "withdrawn-gone"
	editNotClear  = "withdrawn-clear"
	editNothing   = "nothing"
)

var edits = map[string]text{
	editChange:    {"{Label} for {who} ændres fra {old} til {new}{from}.", "{Label} of {who} changes from {old} to {new}{from}."},
	editFirst:     {"{Label} for {who} angives: {new}{from}.", "{Label} of {who} is stated: {new}{from}."},
	editGone:      {"{Label} for {who} angives ikke længere{from}{before}.", "{Label} of {who} is no longer stated{from}{before}."},
	editClear:     {"{Label} for {who} fjernes i alle systemer{from}{before}.", "{Label} of {who} is removed in all systems{from}{before}."},
	editHidden:    {"{Label} for {who} ændres{from} (vises ikke: adressebeskyttelse).", "{Label} of {who} changes{from} (not shown: protected address)."},
	editCorrect:   {"Rettelse: {Label} for {who} er {new}{from}{before}.", "Correction: {Label} of {who} is {new}{from}{before}."},
	editCorrected: {"Rettelse: {Label} for {who} er {new}{from}, ikke fra {wasday}.", "Correction: {Label} of {who} is {new}{from}, not from {wasday}."},
	editUnstated:  {"Rettelse: {Label} for {who} er ikke angivet{from}{before}.", "Correction: {Label} of {who} is not stated{from}{before}."},
	editNot:       {"Rettelse: {Label} for {who} er fortsat {new} og bliver ikke {old}{from}.", "Correction: {Label} of {who} stays {new} and does not become {old}{from}."},
	editNotGone:   {"Rettelse: {Label} for {who} bliver ikke {old}{from}.", "Correction: {Label} of {who} does not become {old}{from}."},
	editNotClear:  {"Rettelse: {Label} for {who} er fortsat {new} og fjernes ikke{from}.", "Correction: {Label} of {who} stays {new} and is not removed{from}."},
	editNothing:   {"{who}: en dateret ændring i filerne, som ikke ændrer noget, er tilføjet eller fjernet.", "{who}: a dated change in the files that changes nothing was added or removed."},
}
