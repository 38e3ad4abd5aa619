// The search of the pages: looks through `index`, which stands before it, name first, then what it is.

var field = document.getElementById('search'), found = document.getElementById('found');
var root = document.body.getAttribute('data-root'), chosen = -1;
function rank(entry, words) {
  var name = entry[0].toLowerCase(), last = name.split(/[.:]/).pop(), text = (name + ' ' + entry[1] + ' ' + (entry[3] || '')).toLowerCase();
  var typed = words.join(' ');
  for (var i = 0; i < words.length; i++) if (text.indexOf(words[i]) < 0) return -1;
  if (name === typed || last === typed) return 0;
  if (last.indexOf(typed) === 0) return 1;
  return name.indexOf(words[0]) >= 0 ? 2 : 3;
}
function row(entry) {
  var link = document.createElement('a'), name = document.createElement('b');
  link.href = root + entry[2];
  name.textContent = entry[0];
  link.appendChild(name);
  link.appendChild(document.createTextNode(entry[1]));
  return link;
}
function show() {
  var words = field.value.toLowerCase().split(/\s+/).filter(Boolean), hits = [];
  found.textContent = '';
  chosen = -1;
  if (!words.length) return;
  for (var i = 0; i < index.length; i++) {
    var r = rank(index[i], words);
    if (r >= 0) hits.push([r, i]);
  }
  hits.sort(function (a, b) { return a[0] - b[0] || a[1] - b[1]; });
  hits.slice(0, 30).forEach(function (hit) { found.appendChild(row(index[hit[1]])); });
  var note = document.createElement('p');
  note.textContent = hits.length === 0 ? 'nothing speaks of it' : hits.length > 30 ? hits.length - 30 + ' more' : '';
  if (note.textContent) found.appendChild(note);
}
function choose(step) {
  var rows = found.querySelectorAll('a');
  if (!rows.length) return;
  if (chosen >= 0) rows[chosen].className = '';
  chosen = (chosen + step + rows.length) % rows.length;
  rows[chosen].className = 'chosen';
  rows[chosen].scrollIntoView({ block: 'nearest' });
}
field.addEventListener('input', show);
field.addEventListener('keydown', function (event) {
  if (event.key === 'ArrowDown') { choose(1); event.preventDefault(); }
  if (event.key === 'ArrowUp') { choose(-1); event.preventDefault(); }
  if (event.key === 'Escape') { field.value = ''; show(); }
  var rows = found.querySelectorAll('a');
  if (event.key === 'Enter' && rows.length) location.href = rows[Math.max(chosen, 0)].href;
});
document.addEventListener('keydown', function (event) {
  if (event.key === '/' && document.activeElement !== field) { field.focus(); event.preventDefault(); }
});
document.addEventListener('click', function (event) {
  if (!found.contains(event.target) && event.target !== field) found.textContent = '';
});
