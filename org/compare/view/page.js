(function () {
	"use strict";
	var form = document.querySelector(".filters");
	if (!form) return;
	var most = 200; // rows of a table that are shown before somebody asks for more
	var search = document.getElementById("search"), unit = document.getElementById("unit"), status = document.getElementById("status");
	var danish = new Intl.Collator("da", { numeric: true });
	var links = Array.prototype.slice.call(document.querySelectorAll(".counts a"));
	var picked = {};

	var tables = Array.prototype.map.call(document.querySelectorAll("section"), function (section) {
		var table = section.querySelector("table"), heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
		var body = table.tBodies[0], ofUnits = table.classList.contains("of-units");
		var rows = Array.prototype.map.call(body.rows, function (tr) {
			return { tr: tr, text: "", units: (ofUnits ? tr.cells[0] : tr.cells[1]).textContent };
		});
		var t = { section: section, heads: heads, body: body, rows: rows, all: false, shown: section.querySelector(".shown"), more: document.createElement("button") };
		t.more.type = "button";
		t.more.className = "more";
		t.more.hidden = true;
		t.more.addEventListener("click", function () {
			var next = t.rows.filter(function (row) { return !row.tr.hidden; })[most - 1];
			t.all = true;
			show();
			next.tr.tabIndex = -1; // whoever uses a keyboard goes on where the list ended
			next.tr.focus();
		});
		section.appendChild(t.more);
		heads.forEach(function (th, column) {
			var button = document.createElement("button");
			button.type = "button";
			button.textContent = th.textContent;
			button.addEventListener("click", function () { sort(t, column); });
			th.textContent = "";
			th.appendChild(button);
		});
		return t;
	});

	function textOf(row) {
		if (!row.text) row.text = row.tr.textContent.toLocaleLowerCase("da");
		return row.text;
	}

	function sort(t, column) {
		var down = t.heads[column].getAttribute("aria-sort") === "ascending";
		t.heads.forEach(function (th) { th.removeAttribute("aria-sort"); });
		t.heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
		var keys = new Map(t.rows.map(function (row) { return [row, row.tr.cells[column].textContent]; }));
		t.rows.sort(function (a, b) { return (down ? -1 : 1) * danish.compare(keys.get(a), keys.get(b)); });
		var all = document.createDocumentFragment();
		t.rows.forEach(function (row) { all.appendChild(row.tr); });
		t.body.appendChild(all);
		show();
		status.textContent += " Sorteret efter " + t.heads[column].textContent + (down ? ", faldende." : ", stigende.");
	}

	function label(tr, heads) {
		if (tr.dataset.labelled) return;
		tr.dataset.labelled = "1";
		for (var i = 1; i < tr.cells.length; i++) tr.cells[i].dataset.label = heads[i].textContent;
	}

	function show() {
		var words = search.value.toLocaleLowerCase("da").split(/\s+/).filter(Boolean), at = unit.value, any = Object.keys(picked).length > 0;
		var found = 0, all = 0;
		tables.forEach(function (t) {
			var here = 0, wanted = !any || picked[t.section.id];
			t.rows.forEach(function (row) {
				all++;
				var fits = wanted && (!at || (", " + row.units + ", ").indexOf(", " + at + ", ") >= 0) &&
					words.every(function (word) { return textOf(row).indexOf(word) >= 0; });
				if (fits) here++;
				var visible = fits && (t.all || here <= most);
				if (row.tr.hidden === visible) row.tr.hidden = !visible;
				if (visible) label(row.tr, t.heads);
			});
			found += here;
			t.section.hidden = here === 0;
			t.shown.textContent = here === t.rows.length ? here : here + " af " + t.rows.length;
			t.more.hidden = t.all || here <= most;
			t.more.textContent = "Vis alle " + here + " (de første " + most + " er vist)";
		});
		status.textContent = found === all ? all + " punkter." : found + " af " + all + " punkter vises.";
	}

	links.forEach(function (a) {
		a.setAttribute("role", "button");
		a.setAttribute("aria-pressed", "false");
		function toggle(event) {
			event.preventDefault();
			var kind = a.dataset.kind;
			if (picked[kind]) delete picked[kind]; else picked[kind] = true;
			a.setAttribute("aria-pressed", String(!!picked[kind]));
			show();
		}
		a.addEventListener("click", toggle);
		a.addEventListener("keydown", function (event) { if (event.key === " ") toggle(event); });
	});
	var waiting;
	search.addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(show, 150); });
	unit.addEventListener("change", show);
	form.addEventListener("submit", function (event) { event.preventDefault(); show(); });
	form.addEventListener("reset", function () {
		picked = {};
		links.forEach(function (a) { a.setAttribute("aria-pressed", "false"); });
		tables.forEach(function (t) { t.all = false; });
		setTimeout(show, 0);
	});
	// What is printed is everything that fits the filters, and not only the rows that are shown.
	function whole() { tables.forEach(function (t) { t.all = true; }); show(); }
	window.addEventListener("beforeprint", whole);
	document.getElementById("print").addEventListener("click", function () { whole(); window.print(); });

	// On a narrow screen rows become cards; roles keep them a table for those who listen.
	document.querySelectorAll("table").forEach(function (table) { table.setAttribute("role", "table"); });
	document.querySelectorAll("tr").forEach(function (tr) { tr.setAttribute("role", "row"); });
	document.querySelectorAll("td").forEach(function (td) { td.setAttribute("role", "cell"); });
	document.querySelectorAll("thead th").forEach(function (th) { th.setAttribute("role", "columnheader"); });
	document.querySelectorAll("tbody th").forEach(function (th) { th.setAttribute("role", "rowheader"); });
	document.querySelectorAll("thead, tbody").forEach(function (group) { group.setAttribute("role", "rowgroup"); });

	form.hidden = false;
	show();
}());
