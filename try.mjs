import {readFileSync} from 'node:fs'; import {readSayGrammar} from './dist/src/speech/read-say-grammar.js'; import {speakValue} from './dist/src/speech/say-values.js'; import {allValuePieces} from './dist/src/speech/value-pieces.js'; import {captionOf} from './dist/src/speech/caption.js';
globalThis.G={};
for (const l of ['en','ms','ar']) { const t=performance.now(); const r=readSayGrammar(`say/${l}.yaml`, readFileSync(`prompts/say/${l}.yaml`,'utf8')); console.log(l, r.result, (performance.now()-t).toFixed(0)+'ms'); if(r.result==='broken') console.log(r.findings.slice(0,10)); else G[l]=r.grammar; }
const say=(l,w,s,v)=>{const r=speakValue(G[l],w,s,v); return r? captionOf(r.pieces): null};
for (const l of Object.keys(G)) { const g=G[l]; const tot=new Set(); const st=[...g.numbers.sets.keys()].map(s=>['number',s]).concat([['ordinal',null],['digits',null],['spell',null],['date',null],['time',null]],[...g.money.styles.keys()].map(s=>['money',s]),[...g.durations.styles.keys()].map(s=>['duration',s]));
 for (const [w,s] of st) { const t=performance.now(); const p=allValuePieces(g,w,s); p.forEach(x=>tot.add(x.name)); console.log(l,w,s,p.length,(performance.now()-t).toFixed(1)+'ms'); } console.log(l,'total',tot.size);
 for (const n of [0,1,2,3,10,11,21,100,101,200,345,1000,2000,3000,11000,101000,200000,25125,1000000,2000000,200000000,999999999]) console.log(n,'|',say(l,'number',null,n),'|',say(l,'ordinal',null,n),'|',say(l,'money','OMR',n/1000)); 
 for (const n of [0,1,60,61,125,3725,7200,86400,90061,1200]) console.log(n, say(l,'duration',null,n),'|',say(l,'duration','minutes',n));
 for (const x of ['00:00','07:30','12:15','13:02','19:45']) console.log(x,say(l,'time',null,x)); console.log(say(l,'date',null,'2026-03-01'), '|', say(l,'date','weekday','2026-03-01'));
}
