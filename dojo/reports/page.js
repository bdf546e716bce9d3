'use strict';
(() => {
  const all = selector => [...document.querySelectorAll(selector)];
  const steps = all('details.step'), folds = all('details.of-kata');
  const squares = new Map(all('#map a.square').map(square => ['step-' + square.dataset.step, square]));
  const find = document.getElementById('filter'), buttons = all('button[data-status]');
  const unfold = document.getElementById('unfold');
  let status = '';
  const show = () => {
    const wanted = find.value.trim().toLowerCase();
    let shown = 0;
    for (const step of steps) {
      const fits = (!status || step.dataset.status === status) && step.dataset.find.includes(wanted);
      step.hidden = !fits;
      squares.get(step.id).classList.toggle('out', !fits);
      shown += fits;
    }
    for (const fold of folds) {
      fold.hidden = !fold.querySelector('.step:not([hidden])');
      if (!fold.hidden && (wanted || status)) fold.open = true;
    }
    for (const lesson of all('.lesson')) lesson.hidden = !lesson.querySelector('.of-kata:not([hidden])');
    document.getElementById('shown').textContent = shown === 1 ? '1 step shown' : shown + ' steps shown';
  };
  const reveal = () => {
    const step = /^#step-[0-9]+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
    if (!step) return;
    if (step.hidden) { find.value = ''; press(buttons[0]); }
    step.open = true;
    step.closest('.of-kata').open = true;
    step.scrollIntoView();
    step.firstElementChild.focus({preventScroll: true});
  };
  const press = button => {
    status = button.dataset.status;
    for (const each of buttons) each.setAttribute('aria-pressed', String(each === button));
    show();
  };
  find.addEventListener('input', show);
  for (const button of buttons) button.addEventListener('click', () => press(button));
  unfold.addEventListener('click', () => {
    const open = unfold.getAttribute('aria-pressed') !== 'true';
    unfold.setAttribute('aria-pressed', String(open));
    for (const fold of [...folds, ...steps]) fold.open = open;
  });
  document.getElementById('map').addEventListener('keydown', event => {
    const by = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    const order = [...squares.values()], at = order.indexOf(event.target);
    if (by && at >= 0 && order[at + by]) { order[at + by].focus(); event.preventDefault(); }
  });
  addEventListener('hashchange', reveal);
  document.querySelector('.controls').hidden = false;
  reveal();
})();
