/*
 * AnalyticsTracker: tells ECAP what happens in a browser. docs/tracking.md describes it.
 *
 *   <script src="https://ecap.example/tracker.js" data-key="ecap_write_…" async></script>        then: ecap.track(…)
 *   <script src="tracker.js"></script>                                                            then: new AnalyticsTracker({…})
 *   import AnalyticsTracker from './tracker.js'
 *
 * An event gets its id and its time when it happens and keeps both through every retry, so it is counted once at the time it
 * happened, however often it has to be sent. Until the server has said that it is stored it waits in localStorage.
 */
var AnalyticsTracker = (function () {
  'use strict';

  var SESSION_MS = 30 * 60 * 1000; // without an event for so long, the next one begins a new session
  var KEEP_MS = 7 * 24 * 3600 * 1000; // the server knows ids for eight days: an older event might be counted again
  var MAX_QUEUE = 1000; // events that wait; beyond it the oldest go
  var MAX_BATCH = 500; // events in one request
  var MAX_BEACON = 60000; // bytes; browsers refuse more than 64 KiB
  var MAX_WAIT_MS = 60000; // between two attempts
  var PREFIX = 'ecap.';

  function uuid() {
    if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    var hex = Array.prototype.map.call(bytes, function (b) { return (b + 256).toString(16).slice(1); }).join('');
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
  }

  // localStorage, or memory where the browser refuses it (private windows, blocked cookies, a full disk).
  function Store() {
    var memory = {};
    this.get = function (name) {
      try { var text = localStorage.getItem(PREFIX + name); } catch (refused) { text = null; }
      if (text === null) return memory[name];
      try { return JSON.parse(text); } catch (broken) { return undefined; }
    };
    this.set = function (name, value) {
      delete memory[name];
      try { localStorage.setItem(PREFIX + name, JSON.stringify(value)); } catch (refused) { memory[name] = value; }
    };
    this.remove = function (name) {
      delete memory[name];
      try { localStorage.removeItem(PREFIX + name); } catch (refused) { /* nothing of it is there */ }
    };
    this.names = function () {
      var names = Object.keys(memory);
      try {
        for (var i = 0; i < localStorage.length; i++) {
          var key = localStorage.key(i);
          if (key.indexOf(PREFIX) === 0) names.push(key.slice(PREFIX.length));
        }
      } catch (refused) { /* only memory, then */ }
      return names;
    };
  }

  function AnalyticsTracker(options) {
    options = options || {};
    this.apiUrl = (options.apiUrl || location.origin).replace(/\/+$/, '');
    this.customerId = options.customerId;
    this.writeKey = options.writeKey;
    this.batchSize = options.batchSize || 10;
    this.flushInterval = options.flushInterval || 5000;
    this.debug = !!options.debug;
    this.dropped = 0; // events that the server refused or that there was no room for
    this._autoPages = options.autoTrackPageViews !== false;
    this._store = new Store();
    this._queueName = 'queue.' + uuid(); // each tab has its own, so that two tabs never overwrite each other
    this._attempt = 0;
    this._sending = null;
    var answer = this._store.get('consent');
    this._allowed = answer === undefined ? !options.requireConsent : answer;
    if (this._allowed) this._start();
  }

  var methods = AnalyticsTracker.prototype;

  // What happened on the page as a whole. Without arguments: the page that is shown.
  methods.page = function (properties) {
    properties = properties || {};
    var page = assign({ page: location.pathname, title: document.title }, properties);
    return this._record('page_view', page.title || page.page, page);
  };

  // track('button_click', 'CTA Click', {…}), track('Product Viewed', {…}) or track('logout').
  methods.track = function (type, name, properties) {
    if (name && typeof name === 'object') { properties = name; name = undefined; }
    return this._record(type, name || type, properties || {});
  };

  methods.formSubmit = function (form, properties) {
    return this._record('form_submit', form, assign({ form_id: form }, properties));
  };

  // From now on, and back to this browser's first event, this is `userId`.
  methods.identify = function (userId, traits) {
    if (!this._allowed) return null;
    this._store.set('user', String(userId));
    return this._record('identify', 'Identify', assign({}, traits));
  };

  // After signing out: the next person at this browser is somebody else.
  methods.reset = function () {
    ['user', 'visitor', 'session'].forEach(this._store.remove);
  };

  // consent(true) begins, consent(false) stops, forgets this browser and throws away what was not sent. The answer is remembered.
  methods.consent = function (allowed) {
    var before = this._allowed;
    this._allowed = !!allowed;
    if (!allowed) {
      this._stop();
      this._store.names().forEach(this._store.remove);
      this._store.set('consent', false);
    } else {
      this._store.set('consent', true);
      if (!before) this._start();
    }
  };

  // A promise that is kept when everything that waits has been sent, or one attempt has failed.
  methods.flush = function () {
    var tracker = this;
    if (this._sending) return this._sending;
    this._sending = this._send().then(done, done);
    function done(outcome) {
      tracker._sending = null;
      tracker._plan(outcome === 'again' ? tracker._pause() : 0);
      return outcome;
    }
    return this._sending;
  };

  methods._start = function () {
    var tracker = this;
    this._adopt();
    if (!this._listens) {
      this._listens = true;
      // The only two events that a phone reliably gives before it drops a page.
      document.addEventListener('visibilitychange', function () { if (document.visibilityState === 'hidden') tracker._leave(); });
      window.addEventListener('pagehide', function () { tracker._leave(); });
      window.addEventListener('online', function () { tracker._attempt = 0; tracker.flush(); });
      if (this._autoPages) this._watchPages();
    }
    if (this._autoPages) this._autoPage();
    this._plan(0);
  };

  methods._stop = function () {
    clearTimeout(this._timer);
  };

  // Shops that change the address without loading a page.
  methods._watchPages = function () {
    var tracker = this;
    ['pushState', 'replaceState'].forEach(function (name) {
      var original = history[name];
      history[name] = function () {
        var answer = original.apply(this, arguments);
        tracker._autoPage();
        return answer;
      };
    });
    window.addEventListener('popstate', function () { tracker._autoPage(); });
  };

  methods._autoPage = function () {
    var tracker = this, address = location.origin + location.pathname + location.search;
    if (address === this._lastPage) return;
    this._referrer = this._lastPage || document.referrer;
    this._lastPage = address;
    // Single-page shops set the title after the address.
    setTimeout(function () { tracker.page(); }, 0);
  };

  methods._record = function (type, name, properties) {
    if (!this._allowed) return null;
    var event = {
      event_id: uuid(),
      customer_id: this.customerId,
      visitor_id: this.visitorId(),
      user_id: this._store.get('user'),
      session_id: this.sessionId(),
      event_type: type,
      event_name: name,
      properties: properties,
      page_url: location.href,
      page_title: document.title,
      referrer: this._referrer === undefined ? document.referrer : this._referrer,
      timestamp: new Date().toISOString(),
      time_zone: zone()
    };
    var queue = this._queue();
    queue.push(event);
    if (queue.length > MAX_QUEUE) { this.dropped += queue.length - MAX_QUEUE; queue = queue.slice(-MAX_QUEUE); }
    this._keep(queue);
    this._log('recorded', event);
    if (queue.length >= this.batchSize && !this._attempt) this.flush(); else this._plan(this._attempt ? this._pause() : 0);
    return event.event_id;
  };

  methods.visitorId = function () {
    var id = this._store.get('visitor');
    if (!id) this._store.set('visitor', (id = uuid()));
    return id;
  };

  methods.sessionId = function () {
    var session = this._store.get('session'), now = Date.now();
    if (!session || now - session.at > SESSION_MS) session = { id: uuid() };
    this._store.set('session', { id: session.id, at: now });
    return session.id;
  };

  methods._queue = function () {
    return this._store.get(this._queueName) || [];
  };

  methods._keep = function (queue) {
    if (queue.length) this._store.set(this._queueName, queue); else this._store.remove(this._queueName);
  };

  // Take over what earlier pages could not send. If such a page still lives, both send the same ids: counted once.
  methods._adopt = function () {
    var tracker = this, now = Date.now(), found = [];
    this._store.names().forEach(function (name) {
      if (name.indexOf('queue.') !== 0 || name === tracker._queueName) return;
      found = found.concat(tracker._store.get(name) || []);
      tracker._store.remove(name);
    });
    found = found.filter(function (event) { return now - Date.parse(event.timestamp) < KEEP_MS; });
    this._keep(found.concat(this._queue()).slice(-MAX_QUEUE));
  };

  methods._plan = function (wait) {
    var tracker = this;
    if (!this._allowed || !this._queue().length || (this._timer && !wait)) return;
    clearTimeout(this._timer);
    this._timer = setTimeout(function () { tracker._timer = null; tracker.flush(); }, wait || this.flushInterval);
  };

  // Doubles with each attempt, never less than the server asked for, spread so that many browsers do not come back at once.
  methods._pause = function () {
    var wait = Math.min(MAX_WAIT_MS, 1000 * Math.pow(2, this._attempt - 1));
    return Math.max(this._retryAfter || 0, wait * (0.5 + Math.random() / 2));
  };

  methods._body = function (events) {
    return JSON.stringify({ events: events, sent_at: new Date().toISOString() });
  };

  methods._send = function () {
    var tracker = this, batch = this._queue().slice(0, this._batchLimit || MAX_BATCH);
    if (!batch.length || !this._allowed) return Promise.resolve('empty');
    var headers = { 'Content-Type': 'application/json' };
    if (this.writeKey) headers.Authorization = 'Bearer ' + this.writeKey;
    return fetch(this.apiUrl + '/track/batch', { method: 'POST', headers: headers, body: this._body(batch), credentials: 'omit' }).then(
      function (response) { return tracker._answered(response, batch); },
      function () { return tracker._again(0); } // no connection
    );
  };

  methods._answered = function (response, batch) {
    if (response.status === 429 || response.status >= 500) return this._again(1000 * (Number(response.headers.get('Retry-After')) || 0));
    if (response.status === 413 && batch.length > 1) {
      this._batchLimit = Math.ceil(batch.length / 2);
      return this._send();
    }
    this._attempt = 0;
    this._retryAfter = 0;
    this._forget(batch);
    if (!response.ok) {
      this.dropped += batch.length;
      console.warn('AnalyticsTracker: ' + batch.length + ' events were refused with status ' + response.status + '.');
    }
    this._log('sent', batch.length, response.status);
    return this._queue().length ? this._send() : 'sent';
  };

  methods._again = function (retryAfter) {
    this._attempt += 1;
    this._retryAfter = retryAfter;
    this._log('will try again, attempt', this._attempt);
    return 'again';
  };

  methods._forget = function (batch) {
    var sent = {};
    batch.forEach(function (event) { sent[event.event_id] = true; });
    this._keep(this._queue().filter(function (event) { return !sent[event.event_id]; }));
  };

  // A beacon outlives the page but nobody tells whether it arrived: the events stay in the queue, and the next page sends them again.
  methods._leave = function () {
    if (!this._allowed || !navigator.sendBeacon) return;
    var events = this._queue(), address = this.apiUrl + '/track/batch';
    var last = events.length && events[events.length - 1].event_id;
    if (last === this._beaconed) return; // hidden, then gone: both are told
    this._beaconed = last;
    if (this.writeKey) address += '?writeKey=' + encodeURIComponent(this.writeKey);
    while (events.length) {
      var size = events.length, body = this._body(events);
      while (size > 1 && body.length > MAX_BEACON) { size = Math.ceil(size / 2); body = this._body(events.slice(0, size)); }
      // text/plain is the one type of JSON that browsers send to another host without asking first.
      if (!navigator.sendBeacon(address, new Blob([body], { type: 'text/plain' }))) return;
      events = events.slice(size);
    }
  };

  methods._log = function () {
    if (this.debug) console.log.apply(console, ['[AnalyticsTracker]'].concat(Array.prototype.slice.call(arguments)));
  };

  function assign(target, source) {
    return Object.assign(target, source);
  }

  function zone() {
    try { return Intl.DateTimeFormat().resolvedOptions().timeZone; } catch (unknown) { return undefined; }
  }

  return AnalyticsTracker;
})();

(function () {
  if (typeof window === 'undefined') return;
  window.AnalyticsTracker = AnalyticsTracker;
  var script = document.currentScript, data = (script && script.dataset) || {};
  if (!data.key) return;
  window.ecap = new AnalyticsTracker({
    apiUrl: data.api || new URL(script.src).origin,
    writeKey: data.key,
    requireConsent: data.consent === 'required',
    autoTrackPageViews: data.pages !== 'off',
    debug: data.debug === 'on'
  });
})();

// TRICKY: this file is a classic script and a module at once. In a classic script `await` is a name: the next line divides it by 1, and
// the rest is a comment. In a module it is the operator, and waits for a regular expression divided by 2 before the export.
globalThis.await = 1;
await /1//2; export default AnalyticsTracker;
delete globalThis.await;
