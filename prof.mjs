import {catalogOf,said} from './dist/test/speech/kit.js';
const c=catalogOf({ar:'  n: "{v, number}"\n  s: "Request {v, digits} is {w, select, a {approved} other {open}}, since {d, date}."\n  p: "{v, plural, zero {x} one {y} two {z} few {# a} many {# b} other {# c}}"\n  m: "{v, money, OMR}"\n  h: Hello.'});
for (const k of ['n','s','p','m','h']) for (let r=0;r<2;r++){ const t=performance.now(); const N=20000; for(let i=0;i<N;i++) c.render('ar',k,{v:String(i*7),w:'a',d:'2026-03-01'}); console.log(k,((performance.now()-t)/N*1000).toFixed(2),'us'); }
